import { bootstrapInterval, median, quantile, type Random } from '../stats/index.js';

/** How many evaluations a group of runs needed to a target. */
export interface EvaluationsToTarget {
  /** Of all runs, those that never got there counting as infinite; NaN of no runs. */
  readonly median: number;
  /** 95 % percentile bootstrap interval of the median over runs; infinite where too few runs got there. */
  readonly low: number;
  readonly high: number;
  readonly reached: number;
  readonly runs: number;
}

/**
 * Summary of `evaluationsToTarget` over the seeds of one search: median with its bootstrap interval. A run that did not reach
 * the target (null) counts as needing more than any other, so that leaving early is never rewarded.
 */
export function summariseTargets(
  evaluations: readonly (number | null)[],
  random: Random,
  confidence = 0.95,
): EvaluationsToTarget {
  const counted = evaluations.map((each) => each ?? Infinity);
  const { low, high } = bootstrapInterval(counted, median, random, confidence);
  return {
    median: median(counted),
    low,
    high,
    reached: evaluations.filter((each) => each !== null).length,
    runs: evaluations.length,
  };
}

/** How many times fewer evaluations one group of runs needed than another. */
export interface TargetSpeedup {
  /** Median of the first ÷ median of the second; above 1 the second is faster. NaN when neither got there. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Ratio of the medians of `before` to `after`, with a percentile bootstrap interval by resampling both. A resample in which
 * neither gets there says nothing, so that it widens the interval at both ends. RangeError for a confidence outside (0, 1).
 */
export function targetSpeedup(
  before: readonly (number | null)[],
  after: readonly (number | null)[],
  random: Random,
  confidence = 0.95,
  resamples = 1000,
): TargetSpeedup {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must be in (0, 1), got ${String(confidence)}`);
  const [slow, fast] = [before, after].map((runs) => runs.map((each) => each ?? Infinity)) as [
    number[],
    number[],
  ];
  const ratioOf = (): number => median(resampled(slow, random)) / median(resampled(fast, random));
  const ratios = slow.length > 0 && fast.length > 0 ? Array.from({ length: resamples }, ratioOf) : [];
  const tail = (1 - confidence) / 2;
  return {
    ratio: median(slow) / median(fast),
    low: quantile(withUnknownAs(0, ratios), tail),
    high: quantile(withUnknownAs(Infinity, ratios), 1 - tail),
  };
}

const withUnknownAs = (value: number, ratios: readonly number[]): number[] =>
  ratios.map((ratio) => (Number.isNaN(ratio) ? value : ratio));

function resampled(values: readonly number[], random: Random): Float64Array {
  return Float64Array.from(values, () => values[random.int(values.length)] ?? NaN);
}
