import { checkLimits, violation, type Limit } from './limit.js';
import type { Evaluated, Sampler } from './sampler.js';

/** Worse in both objectives than whatever was evaluated: percent, and milliseconds (11 days). */
const BEYOND = 1e9;

/**
 * Deb's domination under limits for a sampler that knows of none: what passes them it is told as worse, in both objectives, than
 * every network within, and the more so the further it passes them. SearchError SEARCH_INVALID_SETTINGS for a limit that is no
 * number. The checkpoint is the inner sampler's.
 */
export function rankedWithin(limits: readonly Limit[], sampler: Sampler): Sampler {
  checkLimits(limits);
  if (limits.length === 0) return sampler;
  return {
    ask: () => sampler.ask(),
    tell: (evaluated) => {
      sampler.tell(asRanked(limits, evaluated));
    },
    save: () => sampler.save(),
  };
}

/** What the inner sampler of `rankedWithin` is told of an evaluation. */
export function asRanked(limits: readonly Limit[], evaluated: Evaluated): Evaluated {
  const over = violation(limits, evaluated.encoding, evaluated);
  if (over === 0) return evaluated;
  return { encoding: evaluated.encoding, error: BEYOND + over, latencyMs: BEYOND + over };
}
