import { fitGaussian, mean, type GaussianFit } from '../../stats/index.js';

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

/** Distance over which targets stay alike, in units of the rows', and variance of the noise as a share of the targets' own. */
const LENGTHS = [1, 2, 4];
const NOISES = [0.003, 0.02, 0.1];

/** With the length and noise that make the targets most likely. `rows` are rows × width, row-major. */
export function fitSmooth(rows: Float64Array, width: number, targets: Float64Array): Smooth {
  const centre = mean(targets);
  const centred = targets.map((target) => target - centre);
  let best: { fit: GaussianFit; length: number; noise: number } | null = null;
  for (const length of LENGTHS)
    for (const noise of NOISES) {
      const fit = fitGaussian(covariance(rows, width, targets.length, length, noise), centred);
      if (best === null || fit.logEvidence > best.fit.logEvidence) best = { fit, length, noise };
    }
  const { fit, length, noise } = best ?? { fit: null, length: 1, noise: 1 };
  const weights = Array.from(fit?.weights ?? [], (weight) => weight / noise);
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

/** In units of the noise. */
function covariance(
  rows: Float64Array,
  width: number,
  n: number,
  length: number,
  noise: number,
): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = similarity(rows, i * width, rows, j * width, width, length) / noise;
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  return matrix;
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
