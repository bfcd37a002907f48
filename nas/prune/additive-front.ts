import type { Points } from '../pareto/index.js';
import { networksOf, nextState, type KeptChoices, type SearchSpace } from '../space/index.js';
import type { PerChoice } from './rule.js';

/**
 * The front [effect, latency] of the kept networks if both were sums over layers, ascending in latency: `predictedFront` without
 * the networks, for asking often. Fronts of partial networks are thinned to `limit` points, evenly spaced and with both ends.
 */
export function additiveFront(
  space: SearchSpace,
  kept: KeptChoices,
  effect: PerChoice,
  latencyMs: PerChoice,
  limit = 128,
): Points {
  let fronts = new Map<number, Points>([[0, [[0, 0]]]]);
  networksOf(space, kept).levels.forEach((level, position) => {
    const extended = new Map<number, (readonly [number, number])[]>();
    for (const [state, front] of fronts)
      for (const choice of level.choices) {
        const next = nextState(level, state, choice);
        if (next < 0) continue;
        const here = extended.get(next) ?? [];
        extended.set(next, here);
        const ownEffect = effect[position]?.[choice] ?? NaN;
        const ownMs = latencyMs[position]?.[choice] ?? NaN;
        for (const point of front)
          here.push([(point[0] as number) + ownEffect, (point[1] as number) + ownMs]);
      }
    fronts = new Map([...extended].map(([state, points]) => [state, thinned(swept(points), limit)]));
  });
  return swept([...fronts.values()].flat());
}

/** The non-dominated points, one of each, by latency. */
function swept(points: Points): Points {
  let least = Infinity;
  return [...points]
    .sort((a, b) => (a[1] as number) - (b[1] as number) || (a[0] as number) - (b[0] as number))
    .filter(([effect = NaN]) => {
      const isBetter = effect < least;
      if (isBetter) least = effect;
      return isBetter;
    });
}

function thinned(points: Points, limit: number): Points {
  if (points.length <= limit) return points;
  const step = (points.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, at) => points[Math.round(at * step)] ?? []);
}
