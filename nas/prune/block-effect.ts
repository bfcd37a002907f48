import { dominates } from '../pareto/index.js';
import { positionsOf, type SearchSpace } from '../space/index.js';
import { explained, figure, placeOf, type Decision } from './decision.js';
import { needed, type Evidence } from './evidence.js';
import { knownEffects } from './known-effects.js';
import { assertPerChoice, keepBest, ordered, type PerChoice, type PruningRule } from './rule.js';

/** BLOCK_EFFECT as a decision, with `shrunkenEffects`. Needs LATENCY and EVALUATIONS. */
export function decideByBlockEffect(
  space: SearchSpace,
  { ratio }: { readonly ratio: number },
  evidence: Evidence,
): Decision {
  const latencyMs = needed(evidence.latencyMs, 'LATENCY', 'BLOCK_EFFECT');
  const evaluated = needed(evidence.evaluated, 'EVALUATIONS', 'BLOCK_EFFECT');
  const { effect, standardError } = knownEffects(space, evidence, 'BLOCK_EFFECT');
  const { kept, scores, order } = pruneByBlockEffect(space, effect, latencyMs, ratio);
  const place = placeOf(space, order);
  const explanation = `Kept per layer: choices that the fewest others beat in both error effect and latency, effects estimated from ${String(evaluated.length)} random networks.`;
  return explained(
    space,
    { kept, scores: scores.map((layer) => layer.map((count) => 0 - count)), order, explanation },
    (at, i) => {
      const points = effect[at]?.[i] ?? NaN;
      const change = `${points < 0 ? '−' : '+'}${figure(Math.abs(points))} ± ${figure(2 * (standardError[at]?.[i] ?? NaN))} points of error`;
      const count = scores[at]?.[i] ?? NaN;
      const beaten =
        count === 0
          ? 'no other beats both'
          : `${String(count)} other${count === 1 ? ' beats' : 's beat'} both`;
      return `${change}, ${figure(latencyMs[at]?.[i] ?? NaN)} ms; ${beaten}, ${place(at, i)}`;
    },
  );
}

/**
 * Keeps per layer the choices that the fewest others of the layer dominate in (effect on the error, latency); ties go to the
 * lower effect, then to the earlier choice. `effect` in percentage points of error, from `placementEffects` or
 * `shrunkenEffects`. Scores are those counts, lower is better. PruningError for a bad ratio or values.
 */
export function pruneByBlockEffect(
  space: SearchSpace,
  effect: PerChoice,
  latencyMs: PerChoice,
  ratio: number,
): PruningRule {
  assertPerChoice(space, effect, 'effect', false);
  assertPerChoice(space, latencyMs, 'latency', true);
  const layers = positionsOf(space);
  const scores = layers.map((layer, at) => {
    const points = layer.choices.map((_, i) => [effect[at]?.[i] ?? NaN, latencyMs[at]?.[i] ?? NaN]);
    return points.map((point) => points.filter((other) => dominates(other, point)).length);
  });
  const order = layers.map((layer, at) =>
    ordered(
      layer.choices.length,
      (i, j) =>
        (scores[at]?.[i] ?? NaN) - (scores[at]?.[j] ?? NaN) ||
        (effect[at]?.[i] ?? NaN) - (effect[at]?.[j] ?? NaN),
    ),
  );
  return keepBest(space, ratio, scores, order);
}
