/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Sample standard deviation (divisor n − 1, two passes); NaN below two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7).
 * NaN of nothing; RangeError unless 0 ≤ probability ≤ 1.
 */
export function quantile(values: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`probability must be in [0, 1], got ${String(probability)}`);
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return position === below || low === high ? low : low + (position - below) * (high - low);
}

/** The middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * Mean absolute percentage error as a ratio (0.05 = 5 %): mean of |predicted − measured| / |measured|.
 * Throws RangeError for different lengths or a measured zero; NaN of nothing.
 */
export function meanAbsolutePercentageError(
  predicted: ArrayLike<number>,
  measured: ArrayLike<number>,
): number {
  if (predicted.length !== measured.length)
    throw new RangeError(
      `${String(predicted.length)} predictions for ${String(measured.length)} measurements`,
    );
  let sum = 0;
  for (let i = 0; i < measured.length; i++) {
    const truth = measured[i] as number;
    if (truth === 0) throw new RangeError(`measurement ${String(i)} is 0: a percentage error has no meaning`);
    sum += Math.abs(((predicted[i] as number) - truth) / truth);
  }
  return sum / measured.length;
}
