/** How far predictions are from measurements, as in nn-Meter's evaluation (Zhang et al. 2021). */
export interface PredictionError {
  readonly count: number;
  /** Root mean square, in the unit of the values. */
  readonly rmse: number;
  readonly rmsePercent: number;
  /** Root mean square divided by the mean measurement, a ratio. */
  readonly relativeRmse: number;
  /** Share predicted within ±5 %. */
  readonly within5: number;
  readonly within10: number;
  readonly within15: number;
}

/** Null of nothing; RangeError for different lengths or a measurement that is not above 0. */
export function predictionError(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
): PredictionError | null {
  const count = measured.length;
  if (predicted.length !== count)
    throw new RangeError(`${String(predicted.length)} predictions for ${String(count)} measurements`);
  if (count === 0) return null;
  let [squares, ratios, sum] = [0, 0, 0];
  const within = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const truth = measured[i] ?? NaN;
    if (!(truth > 0)) throw new RangeError(`measurement ${String(i)} is ${String(truth)}, expected above 0`);
    const difference = Math.abs(truth - (predicted[i] ?? NaN));
    squares += difference ** 2;
    ratios += (difference / truth) ** 2;
    sum += truth;
    LIMITS.forEach((limit, at) => {
      // A tenth of 10 is written as a little more than 1.
      if (difference <= limit * truth * (1 + 1e-12)) within[at] = (within[at] ?? 0) + 1;
    });
  }
  const rmse = Math.sqrt(squares / count);
  return {
    count,
    rmse,
    rmsePercent: 100 * Math.sqrt(ratios / count),
    relativeRmse: (rmse * count) / sum,
    within5: (within[0] ?? 0) / count,
    within10: (within[1] ?? 0) / count,
    within15: (within[2] ?? 0) / count,
  };
}

const LIMITS = [0.05, 0.1, 0.15];
