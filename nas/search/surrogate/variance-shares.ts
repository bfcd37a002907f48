import { inverseSymmetric } from '../../stats/index.js';

/**
 * How much of the targets' variance each kernel explains, and what is left to noise: minorise–maximise steps towards the most
 * likely shares (Zhou et al. 2019, as in prune/variance-components), from the `shares` given; the last one is the noise's.
 * `kernels`: n × n, symmetric, row by row. Costs n³ a step.
 */
export function varianceShares(
  kernels: readonly Float64Array[],
  targets: Float64Array,
  shares: readonly number[],
  steps: number,
): readonly number[] {
  const n = targets.length;
  const total = targets.reduce((sum, value) => sum + value * value, 0) / Math.max(1, n);
  if (!(total > 0)) return shares;
  const least = LEAST * total;
  let current = shares.map((share) => Math.max(share, least));
  for (let step = 0; step < steps; step++) {
    const inverse = inverseSymmetric(covarianceOf(kernels, current, n), n);
    const weights = multiplied(inverse, targets, n);
    const stepOf = (share: number, quadratic: number, trace: number): number =>
      Math.max(least, share * Math.sqrt(Math.max(0, quadratic) / Math.max(trace, Number.MIN_VALUE)));
    current = current.map((share, k) => {
      const kernel = kernels[k];
      let quadratic = 0;
      let trace = 0;
      for (let i = 0; i < n; i++) {
        const own = weights[i] as number;
        if (kernel === undefined) {
          quadratic += own * own;
          trace += inverse[i * n + i] as number;
          continue;
        }
        let sum = 0;
        for (let j = 0; j < n; j++) {
          const entry = kernel[i * n + j] as number;
          sum += entry * (weights[j] as number);
          trace += entry * (inverse[i * n + j] as number);
        }
        quadratic += own * sum;
      }
      return stepOf(share, quadratic, trace);
    });
  }
  return current;
}

/** No share falls to nothing, where it could never rise again: this part of the targets' variance stays. */
const LEAST = 1e-4;

function covarianceOf(kernels: readonly Float64Array[], shares: readonly number[], n: number): Float64Array {
  const covariance = new Float64Array(n * n);
  kernels.forEach((kernel, k) => {
    const share = shares[k] as number;
    for (let at = 0; at < covariance.length; at++)
      covariance[at] = (covariance[at] as number) + share * (kernel[at] as number);
  });
  const noise = shares[kernels.length] as number;
  for (let i = 0; i < n; i++) covariance[i * n + i] = (covariance[i * n + i] as number) + noise;
  return covariance;
}

function multiplied(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (matrix[i * n + j] as number) * (vector[j] as number);
    product[i] = sum;
  }
  return product;
}
