import {
  networksOf,
  nextState,
  parseEncoding,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '../space/index.js';
import type { Objectives } from '../search/sampler.js';
import { frontByLatency } from './front-by-latency.js';
import { assertPerChoice, type PerChoice } from './rule.js';

/**
 * The networks of the kept space that would be non-dominated if error and latency were sums over layers of `effect` and
 * `latencyMs`: a place to begin a search. By ascending latency; of equal predictions one. Partial fronts are extended position
 * by position, one for each state of the constraints, which loses nothing because both sums are additive. At most `limit` (default 50), evenly spaced along the front.
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
  let fronts = new Map<number, readonly Partial[]>([[0, [{ choices: [], error: 0, latencyMs: 0 }]]]);
  networksOf(space, kept).levels.forEach((level, position) => {
    const extended = new Map<number, Partial[]>();
    for (const [state, front] of fronts)
      for (const choice of level.choices) {
        const next = nextState(level, state, choice);
        if (next < 0) continue;
        const here = extended.get(next) ?? [];
        extended.set(next, here);
        for (const partial of front)
          here.push({
            choices: [...partial.choices, choice],
            error: partial.error + (effect[position]?.[choice] ?? NaN),
            latencyMs: partial.latencyMs + (latencyMs[position]?.[choice] ?? NaN),
          });
      }
    fronts = new Map([...extended].map(([state, partials]) => [state, frontByLatency(partials)]));
  });
  const whole = frontByLatency([...fronts.values()].flat());
  return evenly(whole, limit).map(({ choices }) => parseEncoding(space, choices));
}

interface Partial extends Objectives {
  readonly choices: readonly number[];
}

function evenly<T>(values: readonly T[], limit: number): readonly T[] {
  if (values.length <= limit) return values;
  const step = (values.length - 1) / Math.max(limit - 1, 1);
  return Array.from({ length: limit }, (_, at) => values[Math.round(at * step)] as T);
}
