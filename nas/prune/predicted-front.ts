import { parseEncoding, type Encoding, type KeptChoices, type SearchSpace } from '../space/index.js';
import { assertPerChoice, type PerChoice } from './rule.js';

/**
 * The networks of the kept space that would be non-dominated if error and latency were sums over layers of `effect` and
 * `latencyMs`: a place to begin a search. By ascending latency; of equal predictions one. Partial fronts are extended layer
 * by layer, which loses nothing because both sums are additive. At most `limit` (default 50), evenly spaced along the front.
 */
export function predictedFront(
  space: SearchSpace,
  kept: KeptChoices,
  effect: PerChoice,
  latencyMs: PerChoice,
  limit = 50,
): readonly Encoding[] {
  assertPerChoice(space, effect, 'effect', false);
  assertPerChoice(space, latencyMs, 'latency', true);
  let front: readonly Partial[] = [{ choices: [], effect: 0, latencyMs: 0 }];
  kept.forEach((choices, layer) => {
    front = frontOf(
      front.flatMap((partial) =>
        choices.map((choice) => ({
          choices: [...partial.choices, choice],
          effect: partial.effect + (effect[layer]?.[choice] ?? NaN),
          latencyMs: partial.latencyMs + (latencyMs[layer]?.[choice] ?? NaN),
        })),
      ),
    );
  });
  return evenly(front, limit).map(({ choices }) => parseEncoding(space, choices));
}

interface Partial {
  readonly choices: readonly number[];
  readonly effect: number;
  readonly latencyMs: number;
}

function frontOf(partials: Partial[]): readonly Partial[] {
  let least = Infinity;
  return partials
    .sort((a, b) => a.latencyMs - b.latencyMs || a.effect - b.effect)
    .filter((partial) => {
      const better = partial.effect < least;
      if (better) least = partial.effect;
      return better;
    });
}

function evenly<T>(values: readonly T[], limit: number): readonly T[] {
  if (values.length <= limit) return values;
  const step = (values.length - 1) / Math.max(limit - 1, 1);
  return Array.from({ length: limit }, (_, at) => values[Math.round(at * step)] as T);
}
