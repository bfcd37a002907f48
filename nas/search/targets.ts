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
  /** Median of the slower ÷ median of the faster; above 1 the second is faster. NaN when neither got there. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Ratio of the medians of `before` to `after`, with an interval by resampling both. */
export function targetSpeedup(
  before: readonly (number | null)[],
  after: readonly (number | null)[],
  random: Random,
  confidence = 0.95,
  resamples = 1000,
): TargetSpeedup {
  const [slow, fast] = [before, after].map((runs) => runs.map((each) => each ?? Infinity)) as [
    number[],
    number[],
  ];
  const ratioOf = (): number => median(resampled(slow, random)) / median(resampled(fast, random));
  const ratios = Array.from({ length: resamples }, ratioOf).filter((ratio) => !Number.isNaN(ratio));
  const { low, high } = quantilesOf(ratios, confidence);
  return { ratio: median(slow) / median(fast), low, high };
}

function resampled(values: readonly number[], random: Random): Float64Array {
  return Float64Array.from(values, () => values[random.int(values.length)] ?? NaN);
}

function quantilesOf(ratios: readonly number[], confidence: number): { low: number; high: number } {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must be in (0, 1), got ${String(confidence)}`);
  const tail = (1 - confidence) / 2;
  return { low: quantile(ratios, tail), high: quantile(ratios, 1 - tail) };
}
