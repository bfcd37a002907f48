/**
 * Regression with normal priors and normal noise, seen from the observations (Rasmussen and Williams 2006, ch. 2): targets have
 * the covariance noise² (I + kernel). Costs n³/6 multiply-adds for n observations, however many columns there are.
 */
export interface GaussianFit {
  /** Standard deviation of the noise, in the targets' unit: the most likely one given the kernel. */
  readonly noise: number;
  /** Natural logarithm of the targets' density, up to a constant that depends on n only. */
  readonly logEvidence: number;
  /** (I + kernel)⁻¹ targets: a prediction is its product with the kernel between an unseen point and the observations. */
  readonly weights: Float64Array;
  /** b ↦ ‖L⁻¹ b‖² with L Lᵀ = I + kernel: what the observations take off a prior variance, in units of noise². */
  explained(between: ArrayLike<number>): number;
  /** What each target would be off when it had not been seen; signed, target minus prediction. */
  leaveOneOut(): Float64Array;
}

/** `kernel`: n × n, symmetric, in units of the noise's variance, row by row. RangeError when the sizes do not fit. */
export function fitGaussian(kernel: Float64Array, targets: ArrayLike<number>): GaussianFit {
  const n = targets.length;
  if (kernel.length !== n * n)
    throw new RangeError(`a kernel of ${String(kernel.length)} entries for ${String(n)} targets`);
  const lower = cholesky(kernel, n);
  const half = forward(lower, targets);
  const weights = backward(lower, half);
  const squares = half.reduce((sum, each) => sum + each * each, 0);
  let logDeterminant = 0;
  for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(lower[i * n + i] ?? NaN);
  return {
    noise: Math.sqrt(squares / n),
    logEvidence: -0.5 * (n * Math.log(Math.max(squares, Number.MIN_VALUE)) + logDeterminant),
    weights,
    explained: (between) => forward(lower, between).reduce((sum, each) => sum + each * each, 0),
    leaveOneOut: () => {
      const precision = inverseDiagonal(lower, n);
      return weights.map((weight, i) => weight / (precision[i] ?? NaN));
    },
  };
}

/** Linear regression whose coefficients have independent normal priors around 0. */
export interface LinearFit extends GaussianFit {
  /** Posterior means, one a column. */
  readonly coefficients: Float64Array;
  /** Posterior standard deviation of Σ weights × coefficients, in the targets' unit. */
  deviation(weights: ArrayLike<number>): number;
}

/** `priorDeviations`: one a column, in units of the noise's standard deviation; 0 leaves a column out. */
export function fitLinear(
  rows: readonly Float64Array[],
  targets: ArrayLike<number>,
  priorDeviations: ArrayLike<number>,
): LinearFit {
  const scaled = rows.map((row) => row.map((value, column) => value * (priorDeviations[column] ?? 0)));
  const fit = fitGaussian(kernelOf(scaled), targets);
  const coefficients = new Float64Array(priorDeviations.length);
  scaled.forEach((row, i) => {
    const weight = fit.weights[i] ?? 0;
    for (let column = 0; column < row.length; column++)
      coefficients[column] = (coefficients[column] ?? 0) + weight * (row[column] ?? 0);
  });
  return {
    ...fit,
    coefficients: coefficients.map((each, column) => each * (priorDeviations[column] ?? 0)),
    deviation: (weights) => {
      const wanted = Float64Array.from(weights, (each, column) => each * (priorDeviations[column] ?? 0));
      const prior = dot(wanted, wanted);
      const left = prior - fit.explained(scaled.map((row) => dot(row, wanted)));
      return fit.noise * Math.sqrt(Math.max(0, left));
    },
  };
}

/** Inner products of rows, n × n. */
export function kernelOf(rows: readonly Float64Array[]): Float64Array {
  const n = rows.length;
  const kernel = new Float64Array(n * n);
  rows.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const product = dot(a, rows[j] ?? a);
      kernel[i * n + j] = product;
      kernel[j * n + i] = product;
    }
  });
  return kernel;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The lower triangle L of I + kernel = L Lᵀ. */
function cholesky(kernel: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = (kernel[i * n + j] as number) + Number(i === j);
      for (let k = 0; k < j; k++) sum -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      // Rounding can leave a diagonal entry below the 1 that the noise puts there.
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (lower[j * n + j] as number);
    }
  return lower;
}

function forward(lower: Float64Array, values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const solved = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = values[i] as number;
    for (let k = 0; k < i; k++) sum -= (lower[i * n + k] as number) * (solved[k] as number);
    solved[i] = sum / (lower[i * n + i] as number);
  }
  return solved;
}

function backward(lower: Float64Array, values: Float64Array): Float64Array {
  const n = values.length;
  const solved = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = values[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (lower[k * n + i] as number) * (solved[k] as number);
    solved[i] = sum / (lower[i * n + i] as number);
  }
  return solved;
}

/** The diagonal of (L Lᵀ)⁻¹. */
function inverseDiagonal(lower: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  for (let column = 0; column < n; column++) {
    const unit = new Float64Array(n);
    unit[column] = 1;
    diagonal[column] = forward(lower, unit).reduce((sum, each) => sum + each * each, 0);
  }
  return diagonal;
}
