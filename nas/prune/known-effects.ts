import type { SearchSpace } from '../space/index.js';
import { needed, type Evidence } from './evidence.js';
import type { BlockEffects } from './placement-effects.js';
import { shrunkenEffects } from './shrunken-effects.js';

/**
 * `shrunkenEffects` of the evidence's networks, fitted once for each evidence: rules are asked for many ratios with the same one.
 */
export function knownEffects(space: SearchSpace, evidence: Evidence, who: string): BlockEffects {
  const evaluated = needed(evidence.evaluated, 'EVALUATIONS', who);
  const known = fitted.get(evidence);
  if (known?.space === space && known.count === evaluated.length) return known.effects;
  const effects = shrunkenEffects(space, evaluated);
  fitted.set(evidence, { space, count: evaluated.length, effects });
  return effects;
}

const fitted = new WeakMap<
  Evidence,
  { readonly space: SearchSpace; readonly count: number; readonly effects: BlockEffects }
>();
