import { describe, expect, it } from 'vitest';
import { createRandom, inverseSymmetric, semidefiniteFactor } from './index.js';

/** A·Aᵀ of a random n × rank matrix. */
function gram(n: number, rank: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const a = Array.from({ length: n }, () => Array.from({ length: rank }, () => random.normal()));
  return Float64Array.from({ length: n * n }, (_, at) =>
    (a[Math.floor(at / n)] ?? []).reduce((sum, value, k) => sum + value * (a[at % n]?.[k] ?? NaN), 0),
  );
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? NaN))));
}

describe('factors of covariances', () => {
  it.each([
    [6, 6],
    [6, 3],
    [6, 1],
    [6, 0],
  ])('of size %i and rank %i multiply to the matrix', (n, rank) => {
    const matrix = gram(n, rank, 5);
    const factor = semidefiniteFactor(matrix, n);
    const product = Float64Array.from({ length: n * n }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < n; k++)
        sum += (factor[Math.floor(at / n) * n + k] ?? NaN) * (factor[(at % n) * n + k] ?? NaN);
      return sum;
    });
    expect(largestDifference(product, matrix)).toBeLessThan(1e-6);
  });
  it('invert what is definite and refuse the rest', () => {
    const matrix = gram(4, 4, 6);
    const twice = inverseSymmetric(inverseSymmetric(matrix, 4), 4);
    expect(largestDifference(twice, matrix)).toBeLessThan(1e-6);
    expect(() => inverseSymmetric(gram(4, 1, 6), 4)).toThrow(/not positive definite/);
  });
});
