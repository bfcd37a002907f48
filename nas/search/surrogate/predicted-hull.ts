import { nextState, type Networks } from '../../space/index.js';

/**
 * The networks that would be on the convex part of the front if error and latency were sums over layers of these effects,
 * `[layer][choice]`: for each of `count` directions between the two objectives the network of least weighted sum, found from
 * the last layer backwards, exactly also under constraints. By ascending weight of latency; one network may come twice.
 */
export function predictedHull(
  { levels }: Networks,
  error: readonly (readonly number[])[],
  latencyMs: readonly (readonly number[])[],
  count: number,
): readonly Uint16Array[] {
  const [errorRange, latencyRange] = [rangeOf(error), rangeOf(latencyMs)];
  return Array.from({ length: count }, (_, i) => {
    const angle = ((i + 0.5) / count) * (Math.PI / 2);
    const [ofError, ofLatency] = [Math.cos(angle) * latencyRange, Math.sin(angle) * errorRange];
    const cost = (layer: number, choice: number): number =>
      ofError * (error[layer]?.[choice] ?? 0) + ofLatency * (latencyMs[layer]?.[choice] ?? 0);
    return leastNetwork(levels, cost);
  });
}

function leastNetwork(
  levels: Networks['levels'],
  cost: (layer: number, choice: number) => number,
): Uint16Array {
  let after: readonly number[] = [];
  const best = levels
    .map((level, layer) => ({ level, layer }))
    .reverse()
    .map(({ level, layer }) => {
      const ways = level.counts.map((_, state) => {
        let least = { choice: -1, sum: Infinity };
        for (const choice of level.choices) {
          const next = nextState(level, state, choice);
          if (next < 0) continue;
          const sum = cost(layer, choice) + (after[next] ?? 0);
          if (sum < least.sum || least.choice < 0) least = { choice, sum };
        }
        return least;
      });
      after = ways.map(({ sum }) => sum);
      return ways.map(({ choice }) => choice);
    })
    .reverse();
  let state = 0;
  return Uint16Array.from(levels, (level, layer) => {
    const choice = best[layer]?.[state] ?? 0;
    state = nextState(level, state, choice);
    return choice;
  });
}

/** How far sums over layers reach, 1 where they are all alike. */
function rangeOf(effects: readonly (readonly number[])[]): number {
  const range = effects.reduce((sum, layer) => sum + Math.max(...layer) - Math.min(...layer), 0);
  return range > 0 ? range : 1;
}
