import { positionsOf, type SearchSpace } from '../space/index.js';
import { explained, figure, placeOf, type Decision } from './decision.js';
import { needed, type Evidence } from './evidence.js';
import { keptGlobally, sharedRanking } from './efficiency-scopes.js';
import { assertPerChoice, keepBest, ordered, type PerChoice, type PruningRule } from './rule.js';

/**
 * What is ranked together: the choices of each layer; the blocks by their mean place in all layers, so that every layer keeps the
 * same; or all blocks of all layers at once, at least one a layer. The last removes early layers wherever parameters grow with
 * depth and latencies do not.
 */
export type EfficiencyScope = 'LAYER' | 'SHARED' | 'GLOBAL';

/** EFFICIENCY as a decision. Needs PARAMS and LATENCY. */
export function decideByEfficiency(
  space: SearchSpace,
  { ratio, scope = 'LAYER' }: { readonly ratio: number; readonly scope?: EfficiencyScope | undefined },
  evidence: Evidence,
): Decision {
  const params = needed(evidence.params, 'PARAMS', 'EFFICIENCY');
  const latencyMs = needed(evidence.latencyMs, 'LATENCY', 'EFFICIENCY');
  const found = pruneByEfficiency(space, params, latencyMs, ratio, scope);
  const own = scope === 'SHARED' ? efficiencyScores(space, params, latencyMs) : found.scores;
  const place = placeOf(space, found.order);
  return explained(space, { ...found, explanation: EXPLANATIONS[scope] }, (at, i) => {
    const perMs = `${figure(own[at]?.[i] ?? NaN)} parameters per millisecond`;
    if (scope === 'LAYER') return `${perMs}, ${place(at, i)} in its layer`;
    if (scope === 'GLOBAL')
      return `${perMs}, ranked with the blocks of all layers; ${place(at, i)} in its own`;
    return `${perMs} here; beats ${figure(found.scores[at]?.[i] ?? NaN)} others in the mean layer, ${place(at, i)}`;
  });
}

const EXPLANATIONS: Readonly<Record<EfficiencyScope, string>> = {
  LAYER: 'Kept per layer: the most parameters per millisecond. Knows nothing of accuracy.',
  SHARED:
    'Kept in every layer alike: the blocks whose parameters per millisecond rank highest in the mean layer. Knows nothing of accuracy.',
  GLOBAL:
    'Kept of all layers together, at least one a layer: the most parameters per millisecond. Knows nothing of accuracy.',
};

/**
 * Keeps the choices of the highest efficiency = parameters / latency (Rieber et al. 2023): no training, no accuracy. Scores are
 * parameters per millisecond, 0 for a block without parameters, or for SHARED how many others a block beats in the mean layer;
 * higher is better. Ties go to more parameters, then to the lower latency, then to the earlier choice. PruningError for a bad
 * ratio, a block with parameters that takes no time, or SHARED where layers have different choices.
 */
export function pruneByEfficiency(
  space: SearchSpace,
  paramCount: PerChoice,
  latencyMs: PerChoice,
  ratio: number,
  scope: EfficiencyScope = 'LAYER',
): PruningRule {
  const scores = efficiencyScores(space, paramCount, latencyMs);
  const layers = positionsOf(space);
  const compare = (layer: number, i: number, other: number, j: number): number =>
    valueAt(scores, other, j) - valueAt(scores, layer, i) ||
    valueAt(paramCount, other, j) - valueAt(paramCount, layer, i) ||
    valueAt(latencyMs, layer, i) - valueAt(latencyMs, other, j);
  const order = layers.map(({ choices }, at) => ordered(choices.length, (i, j) => compare(at, i, at, j)));
  switch (scope) {
    case 'LAYER':
      return keepBest(space, ratio, scores, order);
    case 'SHARED': {
      const shared = sharedRanking(space, order, paramCount, latencyMs);
      return keepBest(space, ratio, shared.scores, shared.order);
    }
    case 'GLOBAL':
      return { kept: keptGlobally(space, ratio, order, compare), scores, order };
  }
}

function efficiencyScores(space: SearchSpace, paramCount: PerChoice, latencyMs: PerChoice): PerChoice {
  assertPerChoice(space, paramCount, 'parameter count', false);
  assertPerChoice(
    space,
    latencyMs.map((layer, at) =>
      layer.map((ms, i) => (ms === 0 && (paramCount[at]?.[i] ?? 0) > 0 ? NaN : ms)),
    ),
    'latency',
    true,
  );
  return positionsOf(space).map(({ choices }, at) =>
    choices.map((_, i) => {
      const params = valueAt(paramCount, at, i);
      // What takes part in no comparison may lack a value.
      return params > 0 ? params / valueAt(latencyMs, at, i) : 0;
    }),
  );
}

const valueAt = (table: PerChoice, layer: number, choice: number): number => table[layer]?.[choice] ?? 0;
