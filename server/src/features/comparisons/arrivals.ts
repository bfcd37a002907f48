import { summariseTargets, targetSpeedup } from '@espalier/nas/search';
import { createRandom } from '@espalier/nas/stats';
import type { ComparisonIndicator } from '../../graphql/generated/resolvers.js';
import type { Arrival, StoredInterval } from './entities.js';

/** The same comparison gives the same intervals whenever it is computed. */
const SEED = 1;

/**
 * When a group's seeds have what the baseline has after the target's evaluations, and how many times fewer evaluations
 * than the baseline's own seeds they need for it. `reached` holds evaluations a run, null where it never got there.
 */
export function arrivalOf(
  indicator: ComparisonIndicator,
  reached: readonly (number | null)[],
  baseline: readonly (number | null)[],
  isBaseline: boolean,
): Arrival {
  const evaluations = medianReached(reached);
  const ofBaseline = medianReached(baseline);
  return {
    indicator,
    evaluations,
    interval: stored(summariseTargets(reached, createRandom(SEED))),
    seeds: reached.filter((each) => each !== null).length,
    speedup: evaluations !== null && ofBaseline !== null ? ofBaseline / evaluations : null,
    speedupInterval: isBaseline ? null : stored(targetSpeedup(baseline, reached, createRandom(SEED))),
  };
}

/**
 * The median over seeds when those that never reach the target count as later than all others; null when fewer than
 * half reach it. When exactly half do, it is the last of these.
 */
export function medianReached(reached: readonly (number | null)[]): number | null {
  const times = reached.filter((n) => n !== null).sort((a, b) => a - b);
  if (times.length === 0 || times.length * 2 < reached.length) return null;
  const lower = times[Math.floor((reached.length - 1) / 2)];
  const upper = times[Math.ceil((reached.length - 1) / 2)];
  if (lower === undefined) return null;
  return upper === undefined ? lower : Math.round((lower + upper) / 2);
}

/** JSON has no infinity. */
const stored = ({ low, high }: { readonly low: number; readonly high: number }): StoredInterval => ({
  low: Number.isFinite(low) ? low : null,
  high: Number.isFinite(high) ? high : null,
});
