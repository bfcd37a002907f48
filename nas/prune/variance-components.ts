import { inverseSymmetric } from '../stats/index.js';

/** A layer's choices and in what ways they resemble each other: symmetric matrices, choices × choices, row-major. */
export interface LayerModel {
  readonly choices: number;
  readonly similarities: readonly Float64Array[];
}

export interface FittedLayer {
  readonly effect: readonly number[];
  readonly standardError: readonly number[];
}

/** Effects of all choices of all layers, one after another, as far as the observations show them. */
export interface MixedModelFit {
  readonly size: number;
  readonly effects: Float64Array;
  /** Variance of what no effect explains. */
  readonly noise: number;
  /** Posterior covariance, size × size, row-major, with `factor` times as many observations of the same kind; 1 as it is. */
  covarianceAfter(factor: number): Float64Array;
}

/**
 * Fits y = Σ over layers of u_layer[choice] + noise, u_layer ~ N(0, Σ_k σ²_k S_k + σ²_own I), to centred `y`. Variances are
 * found by minorise–maximise steps (Zhou et al. 2019): each is multiplied by the square root of a ratio that is 1 at the
 * maximum of the likelihood. The work is in the number of choices, cubed, whatever the number of observations. Null when all
 * observations are 0.
 */
export function fitMixedModel(
  models: readonly LayerModel[],
  designs: readonly (readonly number[])[],
  y: Float64Array,
  iterations = 60,
): MixedModelFit | null {
  const total = y.reduce((sum, value) => sum + value * value, 0) / y.length;
  if (total === 0) return null;
  const { layers, size } = layersOfModels(models, total);
  const design = countsOf(layers, size, designs, y);
  let noise = 0.3 * total;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const solved = solve(layers, size, design, noise);
    for (const [at, layer] of layers.entries())
      updateLayer(layer, solved, size, solved.inverses[at] as Float64Array);
    noise = Math.max(updatedNoise(layers, design, solved, noise, designs, y), 1e-6 * total);
    for (const layer of layers) layer.own = Math.max(layer.own, 1e-6 * total);
  }
  const { effects, covariance } = solve(layers, size, design, noise);
  return {
    size,
    effects,
    noise,
    covarianceAfter(factor) {
      if (factor === 1) return covariance;
      const counts = design.counts.map((count) => factor * count);
      return solve(layers, size, { counts, sums: design.sums }, noise).covariance;
    },
  };
}

/** `fitMixedModel`, centred in each layer, with standard errors. */
export function fitVarianceComponents(
  models: readonly LayerModel[],
  designs: readonly (readonly number[])[],
  y: Float64Array,
): readonly FittedLayer[] {
  const fit = fitMixedModel(models, designs, y);
  if (fit === null)
    return models.map(({ choices }) => ({ effect: zeros(choices), standardError: zeros(choices) }));
  const covariance = fit.covarianceAfter(1);
  let start = 0;
  return models.map(({ choices }) => {
    const layer = centred({ start, choices }, fit.size, fit.effects, covariance);
    start += choices;
    return layer;
  });
}

interface Layer {
  readonly start: number;
  readonly choices: number;
  readonly similarities: readonly Float64Array[];
  readonly variances: number[];
  /** Variance of what a choice shares with no other. */
  own: number;
}

/** How often each pair of choices met (ZᵀZ) and the sum of y at each choice (Zᵀy). */
interface Design {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

/** Henderson's mixed model equations: posterior mean and covariance of all effects, and the inverse of each prior block. */
interface Solved {
  readonly effects: Float64Array;
  readonly covariance: Float64Array;
  readonly inverses: readonly Float64Array[];
}

function layersOfModels(models: readonly LayerModel[], total: number): { layers: Layer[]; size: number } {
  const components = models.reduce((sum, model) => sum + model.similarities.length + 1, 0);
  const share = (0.7 * total) / components;
  let size = 0;
  const layers = models.map(({ choices, similarities }): Layer => {
    const start = size;
    size += choices;
    return { start, choices, similarities, variances: similarities.map(() => share), own: share };
  });
  return { layers, size };
}

function countsOf(
  layers: readonly Layer[],
  size: number,
  designs: readonly (readonly number[])[],
  y: Float64Array,
): Design {
  const counts = new Float64Array(size * size);
  const sums = new Float64Array(size);
  designs.forEach((choices, sample) => {
    const places = layers.map(({ start }, layer) => start + (choices[layer] ?? 0));
    for (const i of places) {
      sums[i] = (sums[i] as number) + (y[sample] as number);
      for (const j of places) counts[i * size + j] = (counts[i * size + j] as number) + 1;
    }
  });
  return { counts, sums };
}

function solve(layers: readonly Layer[], size: number, { counts, sums }: Design, noise: number): Solved {
  const equations = counts.map((count) => count / noise);
  const inverses = layers.map((layer) => {
    const { start, choices } = layer;
    const inverse = inverseSymmetric(priorOf(layer), choices);
    for (let i = 0; i < choices; i++)
      for (let j = 0; j < choices; j++) {
        const at = (start + i) * size + start + j;
        equations[at] = (equations[at] as number) + (inverse[i * choices + j] as number);
      }
    return inverse;
  });
  const covariance = inverseSymmetric(equations, size);
  const effects = sums.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (covariance[i * size + j] as number) * (sums[j] as number);
    return sum / noise;
  });
  return { effects, covariance, inverses };
}

function priorOf({ choices, similarities, variances, own }: Layer): Float64Array {
  const prior = new Float64Array(choices * choices);
  similarities.forEach((similarity, k) => {
    for (let at = 0; at < prior.length; at++)
      prior[at] = (prior[at] as number) + (variances[k] as number) * (similarity[at] as number);
  });
  for (let i = 0; i < choices; i++) prior[i * choices + i] = (prior[i * choices + i] as number) + own;
  return prior;
}

/** σ²_k ← σ²_k · sqrt(rᵀS_k r / tr(W S_k)) with r = G⁻¹u and W = G⁻¹ − G⁻¹CG⁻¹, where G is the prior and C the posterior. */
function updateLayer(
  layer: Layer,
  { effects, covariance }: Solved,
  size: number,
  inverse: Float64Array,
): void {
  const { start, choices: n } = layer;
  const block = Float64Array.from({ length: n * n }, (_, at) =>
    Number(covariance[(start + Math.floor(at / n)) * size + start + (at % n)]),
  );
  const correction = product(product(inverse, block, n), inverse, n);
  const weights = inverse.map((value, at) => value - (correction[at] as number));
  const residual = Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (inverse[i * n + j] as number) * (effects[start + j] as number);
    return sum;
  });
  const factor = (similarity: (i: number, j: number) => number): number => {
    let quadratic = 0;
    let trace = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const s = similarity(i, j);
        quadratic += s * (residual[i] as number) * (residual[j] as number);
        trace += s * (weights[i * n + j] as number);
      }
    return Math.sqrt(Math.max(quadratic, 0) / Math.max(trace, 1e-12));
  };
  const own = factor((i, j) => (i === j ? 1 : 0));
  layer.similarities.forEach((similarity, k) => {
    const step = factor((i, j) => similarity[i * n + j] as number);
    layer.variances[k] = (layer.variances[k] as number) * step;
  });
  layer.own *= own;
}

/** The same step for the noise: |V⁻¹y|² / tr(V⁻¹). */
function updatedNoise(
  layers: readonly Layer[],
  { counts }: Design,
  { effects, covariance }: Solved,
  noise: number,
  designs: readonly (readonly number[])[],
  y: Float64Array,
): number {
  let squares = 0;
  designs.forEach((choices, sample) => {
    const fitted = layers.reduce(
      (sum, { start }, layer) => sum + (effects[start + (choices[layer] ?? 0)] as number),
      0,
    );
    squares += ((y[sample] as number) - fitted) ** 2;
  });
  let explained = 0;
  for (let at = 0; at < counts.length; at++) explained += (counts[at] as number) * (covariance[at] as number);
  const trace = (y.length - explained / noise) / noise;
  return noise * Math.sqrt(squares / (noise * noise) / Math.max(trace, 1e-12));
}

function centred(
  { start, choices }: Pick<Layer, 'start' | 'choices'>,
  size: number,
  effects: Float64Array,
  covariance: Float64Array,
): FittedLayer {
  const own = Array.from(effects.subarray(start, start + choices));
  const centre = own.reduce((sum, value) => sum + value, 0) / choices;
  const rowMeans = own.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < choices; j++) sum += covariance[(start + i) * size + start + j] as number;
    return sum / choices;
  });
  const overall = rowMeans.reduce((sum, value) => sum + value, 0) / choices;
  const variance = (i: number): number =>
    (covariance[(start + i) * size + start + i] as number) - 2 * (rowMeans[i] as number) + overall;
  return {
    effect: own.map((value) => value - centre),
    standardError: own.map((_, i) => Math.sqrt(Math.max(variance(i), 0))),
  };
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const left = a[i * n + k] as number;
      for (let j = 0; j < n; j++)
        result[i * n + j] = (result[i * n + j] as number) + left * (b[k * n + j] as number);
    }
  return result;
}

function zeros(n: number): number[] {
  return Array.from({ length: n }, () => 0);
}
