import { inverseSymmetric } from '../../prune/cholesky.js';
import { mean } from '../../stats/index.js';

/**
 * A Gaussian process with a squared exponential kernel (Rasmussen and Williams 2006, §2.2), its mean only: between measured points it
 * follows them smoothly, far from all it returns to their mean. Suits a few hundred rows.
 */
export interface Smooth {
  readonly width: number;
  /** Rows × width, row-major. */
  readonly rows: readonly number[];
  readonly weights: readonly number[];
  readonly mean: number;
  readonly length: number;
}

/** `noise` is the variance of the targets' noise as a share of their own. */
export function fitSmooth(
  rows: Float64Array,
  width: number,
  targets: Float64Array,
  { length, noise }: { readonly length: number; readonly noise: number },
): Smooth {
  const n = targets.length;
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++)
      covariance[i * n + j] = similarity(rows, i * width, rows, j * width, width, length);
    covariance[i * n + i] = 1 + noise;
  }
  const inverse = inverseSymmetric(covariance, n);
  const centre = mean(targets);
  const weights = Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (inverse[i * n + j] as number) * ((targets[j] as number) - centre);
    return sum;
  });
  return { width, rows: [...rows], weights, mean: centre, length };
}

export function predictSmooth(
  { width, rows, weights, mean: centre, length }: Smooth,
  row: ArrayLike<number>,
): number {
  let sum = centre;
  for (let i = 0; i < weights.length; i++)
    sum += (weights[i] as number) * similarity(row, 0, rows, i * width, width, length);
  return sum;
}

function similarity(
  a: ArrayLike<number>,
  fromA: number,
  b: ArrayLike<number>,
  fromB: number,
  width: number,
  length: number,
): number {
  let distance = 0;
  for (let at = 0; at < width; at++) distance += ((a[fromA + at] as number) - (b[fromB + at] as number)) ** 2;
  return Math.exp(-distance / (2 * length * length));
}
