/**
 * Least squares of the relative error with coefficients of at least 0: what computing and moving cost can only add time, so that the
 * model holds beyond what was measured. `columns` are rows × width, row-major. Coordinate descent on the normal equations, which
 * for a handful of columns needs no more.
 */
export function fitNonNegative(columns: Float64Array, width: number, targets: Float64Array): Float64Array {
  const rows = targets.length;
  // Columns in units of their own size: multiply-accumulates and constants are nine orders apart.
  const scales = new Float64Array(width);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < width; at++) {
      const value = (columns[row * width + at] as number) / (targets[row] as number);
      scales[at] = (scales[at] as number) + value * value;
    }
  for (let at = 0; at < width; at++) scales[at] = Math.sqrt(scales[at] as number) || 1;
  const gram = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) {
      const left = (columns[row * width + i] as number) / (targets[row] as number) / (scales[i] as number);
      right[i] = (right[i] as number) + left;
      for (let j = 0; j < width; j++)
        gram[i * width + j] =
          (gram[i * width + j] as number) +
          (left * (columns[row * width + j] as number)) / (targets[row] as number) / (scales[j] as number);
    }
  const solution = new Float64Array(width);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let i = 0; i < width; i++) {
      const diagonal = gram[i * width + i] as number;
      if (diagonal === 0) continue;
      let rest = right[i] as number;
      for (let j = 0; j < width; j++)
        if (j !== i) rest -= (gram[i * width + j] as number) * (solution[j] as number);
      solution[i] = Math.max(0, rest / diagonal);
    }
  return solution.map((value, at) => value / (scales[at] as number));
}

const SWEEPS = 500;

export function dot(coefficients: ArrayLike<number>, columns: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < columns.length; at++) sum += (coefficients[at] as number) * (columns[at] as number);
  return sum;
}
