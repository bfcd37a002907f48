/** Square symmetric matrices, row by row in one array, as small as latency transfer needs them. */

/** The lower Cholesky factor. Throws RangeError when the matrix is not positive definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (factor[i * size + k] as number) * (factor[j * size + k] as number);
      if (i !== j) factor[i * size + j] = sum / (factor[j * size + j] as number);
      else if (sum > 0) factor[i * size + i] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite (row ${String(i)})`);
    }
  }
  return factor;
}

/** Solves L Lᵀ x = b for the factor L of `cholesky`. */
export function solveCholesky(factor: Float64Array, b: ArrayLike<number>): Float64Array {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[i * size + k] as number) * (x[k] as number);
    x[i] = sum / (factor[i * size + i] as number);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < size; k++) sum -= (factor[k * size + i] as number) * (x[k] as number);
    x[i] = sum / (factor[i * size + i] as number);
  }
  return x;
}

/** Half the logarithm of the determinant of L Lᵀ. */
export function halfLogDeterminant(factor: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.log(factor[i * size + i] as number);
  return sum;
}

/** The matrix times a vector. */
export function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (matrix[i * size + j] as number) * (vector[j] as number);
    product[i] = sum;
  }
  return product;
}

/** Adds `scale` · (u vᵀ + v uᵀ) / 2 to the matrix in place. */
export function addOuter(matrix: Float64Array, u: Float64Array, v: Float64Array, scale: number): void {
  const size = u.length;
  for (let i = 0; i < size; i++) {
    const [a, b] = [0.5 * scale * (u[i] as number), 0.5 * scale * (v[i] as number)];
    if (a === 0 && b === 0) continue;
    for (let j = 0; j < size; j++)
      matrix[i * size + j] = (matrix[i * size + j] as number) + a * (v[j] as number) + b * (u[j] as number);
  }
}
