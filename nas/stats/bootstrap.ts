import type { Random } from './random.js';
import { quantile } from './summary.js';

/**
 * Percentile bootstrap interval (Efron 1979) of a statistic, in the unit of the values: the central `confidence` share of
 * the statistic over `resamples` draws with replacement. NaN bounds of nothing; RangeError for a confidence outside (0, 1).
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (sample: Float64Array) => number,
  random: Random,
  confidence = 0.95,
  resamples = 1000,
): { readonly low: number; readonly high: number } {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must be in (0, 1), got ${String(confidence)}`);
  if (values.length === 0) return { low: NaN, high: NaN };
  const sample = new Float64Array(values.length);
  const statistics = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    for (let i = 0; i < sample.length; i++) sample[i] = values[random.int(values.length)] as number;
    statistics[round] = statistic(sample);
  }
  const tail = (1 - confidence) / 2;
  return { low: quantile(statistics, tail), high: quantile(statistics, 1 - tail) };
}
