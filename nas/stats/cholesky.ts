/**
 * Inverse of a symmetric positive definite matrix, n × n, row-major, through its Cholesky factor; only the lower triangle is
 * read. Throws RangeError when the matrix is not positive definite.
 */
export function inverseSymmetric(matrix: Float64Array, n: number): Float64Array {
  const factor = choleskyFactor(matrix, n);
  const inverseFactor = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    inverseFactor[column * n + column] = 1 / (factor[column * n + column] as number);
    for (let row = column + 1; row < n; row++) {
      let sum = 0;
      for (let k = column; k < row; k++)
        sum -= (factor[row * n + k] as number) * (inverseFactor[k * n + column] as number);
      inverseFactor[row * n + column] = sum / (factor[row * n + row] as number);
    }
  }
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const left = inverseFactor[k * n + i] as number;
      for (let j = 0; j <= i; j++)
        inverse[i * n + j] = (inverse[i * n + j] as number) + left * (inverseFactor[k * n + j] as number);
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) inverse[j * n + i] = inverse[i * n + j] as number;
  return inverse;
}

/** Lower triangular L with L·Lᵀ = matrix. */
function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * n + column] as number;
      for (let k = 0; k < column; k++)
        sum -= (factor[row * n + k] as number) * (factor[column * n + k] as number);
      if (row !== column) factor[row * n + column] = sum / (factor[column * n + column] as number);
      else if (sum > 0) factor[row * n + row] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite (pivot ${String(row)})`);
    }
  return factor;
}

/**
 * Lower triangular L with L·Lᵀ = matrix for a positive *semi*definite one, as differences of covariances are: what is left of a
 * pivot below a billionth of the largest diagonal element is rounding, and its column stays 0.
 */
export function semidefiniteFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i] as number);
  for (let column = 0; column < n; column++)
    for (let row = column; row < n; row++) {
      let sum = matrix[row * n + column] as number;
      for (let k = 0; k < column; k++)
        sum -= (factor[row * n + k] as number) * (factor[column * n + k] as number);
      if (row === column) {
        if (sum <= 1e-9 * largest) break;
        factor[row * n + row] = Math.sqrt(sum);
      } else factor[row * n + column] = sum / (factor[column * n + column] as number);
    }
  return factor;
}
