import { matrixTimesRow, rowTimes, type Design } from './design.js';
import { componentsOf, type ComponentName, type Prior } from './prior.js';
import { addOuter, cholesky, halfLogDeterminant, solveCholesky } from './symmetric.js';

/** What is believed of a new device after its samples: coefficients with their mean and covariance. */
export interface Posterior {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  /** Variance of a measurement around what the coefficients say. */
  readonly noise: number;
  /** Posterior weight of each known device in the mean; they need not add up to 1. */
  readonly deviceWeights: readonly number[];
  /** For each sample the probability that it was disturbed: that it lies ten times as far off as others do. */
  readonly disturbed: readonly number[];
}

type Weights = Readonly<Record<ComponentName, number>> & { readonly noise: number };

/**
 * The settings that are weighed against each other by how well each explains the samples. Standard deviation of the noise and
 * weights of the components are relative to the spread of candidates on known devices.
 */
const SETTINGS: readonly Weights[] = [0.03, 0.1, 0.3, 0.9].flatMap((noise) =>
  [0.1, 1].flatMap((devices) =>
    [0.1, 1].flatMap((features) =>
      [0.03, 0.3].flatMap((similarity) =>
        [0.003, 0.03].map((entries) => ({ noise, devices, features, similarity, entries, level: 1 })),
      ),
    ),
  ),
);

/** Prior probability that a given sample is disturbed, and how far off it then is. */
const DISTURBED = 0.05;
const DISTURBED_VARIANCE = 100;
const MOST_DISTURBED = 2;
const NEGLIGIBLE_WEIGHT = 1e-5;

/**
 * A linear model with normal priors, averaged over settings of its hyperparameters and over which samples are disturbed, each
 * weighed by its evidence (MacKay 1992; Rasmussen and Williams 2006, 2.2 and 5.4). `values` are the samples, around 0.
 */
export function posteriorOf(
  design: Design,
  prior: Prior,
  rows: readonly number[],
  values: readonly number[],
): Posterior {
  const count = rows.length;
  const components = componentsOf(prior);
  const basis = components.map(([, matrix]) => rows.map((row) => matrixTimesRow(design, matrix, row)));
  const kernels = basis.map((vectors) => {
    const kernel = new Float64Array(count * count);
    for (const [i, vector] of vectors.entries())
      for (const [j, row] of rows.entries()) kernel[i * count + j] = rowTimes(design, row, vector);
    return kernel;
  });
  const residuals = Float64Array.from(
    values,
    (value, i) => value - rowTimes(design, rows[i] ?? 0, prior.mean),
  );
  const explanations = explanationsOf(prior, components, kernels, residuals);
  return average(design, prior, rows, components, basis, explanations);
}

/** One setting together with the samples that it takes for disturbed. */
interface Explanation {
  readonly weights: Weights;
  readonly disturbed: readonly number[];
  readonly logEvidence: number;
  /** Inverse of the covariance of the samples, and that times the residuals. */
  readonly inverse: Float64Array;
  readonly dual: Float64Array;
}

function explanationsOf(
  prior: Prior,
  components: readonly (readonly [ComponentName, Float64Array])[],
  kernels: readonly Float64Array[],
  residuals: Float64Array,
): readonly Explanation[] {
  const explanations: Explanation[] = [];
  let disturbed: readonly number[] = [];
  for (let round = 0; round < MOST_DISTURBED; round++) {
    const bases = SETTINGS.map((weights) =>
      explain(prior, components, kernels, residuals, weights, disturbed),
    );
    if (round === 0) explanations.push(...bases);
    let best = { at: -1, total: -Infinity };
    for (let at = 0; at < residuals.length; at++) {
      if (disturbed.includes(at)) continue;
      const more = bases.map((base) => disturb(prior, base, at));
      explanations.push(...more);
      const total = logSum(more.map(({ logEvidence }) => logEvidence));
      if (total > best.total) best = { at, total };
    }
    disturbed = [...disturbed, best.at];
  }
  return explanations;
}

function explain(
  prior: Prior,
  components: readonly (readonly [ComponentName, Float64Array])[],
  kernels: readonly Float64Array[],
  residuals: Float64Array,
  weights: Weights,
  disturbed: readonly number[],
): Explanation {
  const count = residuals.length;
  const covariance = new Float64Array(count * count);
  for (const [at, [name]] of components.entries()) {
    const kernel = kernels[at] as Float64Array;
    for (let i = 0; i < covariance.length; i++)
      covariance[i] = (covariance[i] as number) + weights[name] * (kernel[i] as number);
  }
  const noise = weights.noise ** 2 * prior.variance;
  for (let i = 0; i < count; i++)
    covariance[i * count + i] =
      (covariance[i * count + i] as number) + noise * (disturbed.includes(i) ? DISTURBED_VARIANCE : 1);
  const factor = cholesky(covariance, count);
  const inverse = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const unit = new Float64Array(count);
    unit[i] = 1;
    inverse.set(solveCholesky(factor, unit), i * count);
  }
  const dual = solveCholesky(factor, residuals);
  const fit = residuals.reduce((sum, value, i) => sum + value * (dual[i] as number), 0);
  const logEvidence = -0.5 * fit - halfLogDeterminant(factor, count) + disturbed.length * Math.log(DISTURBED);
  return { weights, disturbed, logEvidence, inverse, dual };
}

/** The same with one more disturbed sample, by an update of rank one (Sherman and Morrison 1950). */
function disturb(prior: Prior, base: Explanation, at: number): Explanation {
  const { weights, inverse, dual } = base;
  const count = dual.length;
  const more = (DISTURBED_VARIANCE - 1) * weights.noise ** 2 * prior.variance;
  const column = inverse.subarray(at * count, (at + 1) * count);
  const growth = 1 + more * (column[at] as number);
  const step = more / growth;
  const updated = inverse.slice();
  addOuter(updated, column, column, -step);
  const own = dual[at] as number;
  return {
    weights,
    disturbed: [...base.disturbed, at],
    logEvidence: base.logEvidence + 0.5 * step * own ** 2 - 0.5 * Math.log(growth) + Math.log(DISTURBED),
    inverse: updated,
    dual: dual.map((value, i) => value - step * own * (column[i] as number)),
  };
}

/**
 * Mean and covariance of the mixture. All explanations move the mean within the span of `basis`, one vector a component and a
 * sample, so everything is added up there before a matrix over all coefficients is made.
 */
function average(
  design: Design,
  prior: Prior,
  rows: readonly number[],
  components: readonly (readonly [ComponentName, Float64Array])[],
  basis: readonly (readonly Float64Array[])[],
  explanations: readonly Explanation[],
): Posterior {
  const count = rows.length;
  const span = components.length * count;
  const logTotal = logSum(explanations.map(({ logEvidence }) => logEvidence));
  const mean = new Float64Array(span);
  const shrink = new Float64Array(span * span);
  const coordinates: { readonly share: number; readonly at: Float64Array }[] = [];
  const componentShares = components.map(() => 0);
  const disturbed = Array.from({ length: count }, () => 0);
  let noise = 0;
  for (const { weights, logEvidence, inverse, dual, disturbed: off } of explanations) {
    const share = Math.exp(logEvidence - logTotal);
    if (share < NEGLIGIBLE_WEIGHT) continue;
    noise += share * weights.noise ** 2 * prior.variance;
    for (const i of off) disturbed[i] = (disturbed[i] ?? 0) + share;
    const scale = components.map(([name]) => weights[name]);
    const at = new Float64Array(span);
    for (const [c, weight] of scale.entries()) {
      componentShares[c] = (componentShares[c] ?? 0) + share * weight;
      for (let i = 0; i < count; i++) at[c * count + i] = weight * (dual[i] as number);
      for (const [d, other] of scale.entries())
        for (let i = 0; i < count; i++)
          for (let j = 0; j < count; j++) {
            const place = (c * count + i) * span + d * count + j;
            shrink[place] =
              (shrink[place] as number) - share * weight * other * (inverse[i * count + j] as number);
          }
    }
    for (let i = 0; i < span; i++) mean[i] = (mean[i] as number) + share * (at[i] as number);
    coordinates.push({ share, at });
  }
  for (const { share, at } of coordinates) {
    const apart = at.map((value, i) => value - (mean[i] as number));
    addOuter(shrink, apart, apart, share);
  }
  const vectors = basis.flat();
  const coefficients = prior.mean.slice();
  for (const [i, vector] of vectors.entries())
    for (let j = 0; j < design.dimension; j++)
      coefficients[j] = (coefficients[j] as number) + (mean[i] as number) * (vector[j] as number);
  const dual = mean.subarray(0, count);
  return {
    mean: coefficients,
    covariance: covarianceOf(design, components, componentShares, vectors, shrink),
    noise,
    deviceWeights: deviceWeights(design, prior, rows, dual),
    disturbed,
  };
}

function covarianceOf(
  { dimension }: Design,
  components: readonly (readonly [ComponentName, Float64Array])[],
  shares: readonly number[],
  vectors: readonly Float64Array[],
  shrink: Float64Array,
): Float64Array {
  const covariance = new Float64Array(dimension * dimension);
  for (const [at, [, matrix]] of components.entries())
    for (let i = 0; i < covariance.length; i++)
      covariance[i] = (covariance[i] as number) + (shares[at] ?? 0) * (matrix[i] as number);
  const span = vectors.length;
  for (let a = 0; a < span; a++) {
    const combined = new Float64Array(dimension);
    for (let b = 0; b < span; b++) {
      const weight = shrink[a * span + b] as number;
      const vector = vectors[b] as Float64Array;
      for (let j = 0; j < dimension; j++)
        combined[j] = (combined[j] as number) + weight * (vector[j] as number);
    }
    addOuter(covariance, vectors[a] as Float64Array, combined, 1);
  }
  return covariance;
}

/** Every device has its part in the mean of all, and its part in the component `devices`, which comes first. */
function deviceWeights(
  design: Design,
  { known, deviceScale }: Prior,
  rows: readonly number[],
  dual: Float64Array,
): readonly number[] {
  return known.map(({ coefficients }) =>
    rows.reduce(
      (sum, row, i) => sum + deviceScale * (dual[i] as number) * rowTimes(design, row, coefficients),
      1 / known.length,
    ),
  );
}

function logSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
