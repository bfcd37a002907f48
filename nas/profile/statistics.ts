import { bootstrapInterval, createRandom, mean, quantile, standardDeviation } from '../stats/index.js';
import { ProfileError } from './error.js';

/** What a subject's samples say. Times in milliseconds; each sample is one run of one batch. */
export interface SampleStatistics {
  /** The value for comparing and predicting: see `robustFloor`. */
  readonly floorMs: number;
  /** 95 % bootstrap interval of the floor over rounds. */
  readonly floorIntervalMs: readonly [low: number, high: number];
  readonly minMs: number;
  readonly p10Ms: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly meanMs: number;
  /** Standard deviation divided by the mean. */
  readonly coefficientOfVariation: number;
  readonly sampleCount: number;
}

/** The name of `robustFloor`, stored with every profile. */
export const FLOOR_ESTIMATOR = 'mean of the three lowest round minima';

const BEST_ROUNDS = 3;
const RESAMPLES = 200;

/**
 * Statistics of samples in rounds. Deterministic: the bootstrap draws from a fixed seed. Throws ProfileError
 * PROFILE_BAD_SAMPLES when there is no sample or one is not a positive finite number.
 */
export function sampleStatistics(rounds: readonly ArrayLike<number>[]): SampleStatistics {
  const minima = roundMinima(rounds);
  const all = Float64Array.from(rounds.flatMap((round) => Array.from(round)));
  const interval = bootstrapInterval([...minima], robustFloor, createRandom(1), 0.95, RESAMPLES);
  const average = mean(all);
  return {
    floorMs: robustFloor(minima),
    floorIntervalMs: [interval.low, interval.high],
    minMs: quantile(minima, 0),
    p10Ms: quantile(all, 0.1),
    medianMs: quantile(all, 0.5),
    p90Ms: quantile(all, 0.9),
    p99Ms: quantile(all, 0.99),
    meanMs: average,
    coefficientOfVariation: all.length > 1 ? standardDeviation(all) / average : 0,
    sampleCount: all.length,
  };
}

/**
 * A robust floor: the mean of the three lowest round minima (of all when there are fewer). On a shared machine interference
 * only ever adds time and comes and goes by the minute, so the best rounds are the ones that measured the subject; three of
 * them vary less than one. Chosen by measurement: over two campaigns of Fashion Mobile beside other processes, blocks differed
 * by 1.3 % (median) with it, 1.7 % with the least sample and 2.0 % with the median of all samples.
 */
export function robustFloor(minima: ArrayLike<number>): number {
  return mean(Float64Array.from(minima).sort().subarray(0, BEST_ROUNDS));
}

/** The shortest sample of each round that has any. Throws as `sampleStatistics` does. */
export function roundMinima(rounds: readonly ArrayLike<number>[]): Float64Array {
  const minima: number[] = [];
  for (const [at, round] of rounds.entries()) {
    let least = Infinity;
    for (let i = 0; i < round.length; i++) {
      const sample = round[i] ?? NaN;
      if (!(sample > 0 && sample < Infinity))
        throw bad(`round ${String(at)}, sample ${String(i)} is ${String(sample)}, expected a positive time`);
      if (sample < least) least = sample;
    }
    if (round.length > 0) minima.push(least);
  }
  if (minima.length === 0) throw bad('there is no sample');
  return Float64Array.from(minima);
}

function bad(message: string): ProfileError {
  return new ProfileError('PROFILE_BAD_SAMPLES', message);
}
