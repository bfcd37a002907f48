import { centreBoth, meanOuter, type Design, type Effects } from './design.js';
import type { BlockFeature } from './problem.js';
import { addOuter } from './symmetric.js';

/**
 * What is believed of a new device before it measures anything: its coefficients are normal around the mean of the known devices,
 * with a covariance that is a weighted sum of components. Every component but the level lets a candidate deviate from the mean
 * candidate by the same variance on average, `variance`, so that weights compare.
 */
export interface Prior {
  readonly mean: Float64Array;
  readonly components: Readonly<Record<ComponentName, Float64Array>>;
  /** Mean square of how far the known devices' candidates lie from the mean candidate, relative to it. */
  readonly variance: number;
  /** The known devices' coefficients and what each has of the component `devices`. */
  readonly known: readonly Effects[];
  readonly deviceScale: number;
}

/**
 * - `devices`: a combination of the known devices.
 * - `features`: a price for each feature, such as a millisecond a multiply-accumulate or an operator.
 * - `similarity`: blocks with similar features deviate alike.
 * - `entries`: every block deviates by itself, more where the known devices differ more.
 * - `level`: all candidates are slower or faster.
 */
export type ComponentName = 'devices' | 'features' | 'similarity' | 'entries' | 'level';

/** A deviation of 1 %: what is left to say where all known devices take the same time for everything. */
const LEAST_VARIANCE = 1e-4;
/** Variance of the level, relative to it: the samples alone decide it. */
const LEVEL_VARIANCE = 1;
/** Square of the distance at which blocks are no longer alike, in standard deviations of each feature. */
const LENGTH_SQUARED = 0.8;

export function priorOf(
  design: Design,
  known: readonly Effects[],
  features: readonly Effects[],
  blockFeatures: readonly BlockFeature[],
): Prior {
  const { dimension, entryCount } = design;
  const vectors = known.map(({ coefficients }) => coefficients);
  const devices = meanOuter(vectors, dimension);
  const spread = averageVariance(design, devices);
  const variance = Math.max(spread, LEAST_VARIANCE);
  const prices = new Float64Array(dimension * dimension);
  for (const { coefficients } of features) {
    const alone = meanOuter([coefficients], dimension);
    const each = averageVariance(design, alone);
    if (each > 0) addOuter(prices, coefficients, coefficients, 1 / each);
  }
  const entries = new Float64Array(dimension * dimension);
  for (let i = 0; i < entryCount; i++) entries[i * dimension + i] = devices[i * dimension + i] as number;
  centreBoth(design, entries);
  const similarity = similarityOf(design, blockFeatures);
  const level = new Float64Array(dimension * dimension);
  level[dimension * dimension - 1] = LEVEL_VARIANCE;
  const average = new Float64Array(dimension);
  for (const vector of vectors)
    for (let i = 0; i < dimension; i++)
      average[i] = (average[i] as number) + (vector[i] as number) / vectors.length;
  return {
    mean: average,
    components: {
      devices: scaledTo(design, devices, variance),
      features: scaledTo(design, prices, variance),
      similarity: scaledTo(design, similarity, variance),
      entries: scaledTo(design, entries, variance),
      level,
    },
    variance,
    known,
    deviceScale: spread > 0 ? variance / spread / known.length : 0,
  };
}

/** Sum of components with their weights; `level` always counts once. */
export function weighted(prior: Prior, weights: Readonly<Record<ComponentName, number>>): Float64Array {
  const sum = new Float64Array(prior.components.level.length);
  for (const [name, matrix] of componentsOf(prior)) {
    const weight = weights[name];
    if (weight === 0) continue;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + weight * (matrix[i] as number);
  }
  return sum;
}

export function componentsOf({ components }: Prior): readonly (readonly [ComponentName, Float64Array])[] {
  return [
    ['devices', components.devices],
    ['features', components.features],
    ['similarity', components.similarity],
    ['entries', components.entries],
    ['level', components.level],
  ];
}

/** How much a candidate varies around the mean candidate, mean over the candidates. */
function averageVariance({ secondMoment }: Design, covariance: Float64Array): number {
  let trace = 0;
  for (let i = 0; i < covariance.length; i++)
    trace += (covariance[i] as number) * (secondMoment[i] as number);
  return trace;
}

function scaledTo(design: Design, covariance: Float64Array, variance: number): Float64Array {
  const scale = variance / averageVariance(design, covariance);
  return Number.isFinite(scale) && scale > 0 ? covariance.map((value) => value * scale) : covariance.fill(0);
}

/** A squared exponential over the logarithms of blocks' features (Rasmussen and Williams 2006, 4.2), centred at each position. */
function similarityOf(design: Design, blockFeatures: readonly BlockFeature[]): Float64Array {
  const { dimension, entryCount } = design;
  const similarity = new Float64Array(dimension * dimension);
  const descriptors = blockFeatures
    .map(({ values }) => logScale(values.flat()))
    .filter((each) => each !== null);
  if (descriptors.length === 0) return similarity;
  const lengthSquared = 2 * LENGTH_SQUARED * descriptors.length;
  for (let i = 0; i < entryCount; i++)
    for (let j = 0; j <= i; j++) {
      let distance = 0;
      for (const descriptor of descriptors)
        distance += ((descriptor[i] as number) - (descriptor[j] as number)) ** 2;
      const value = Math.exp(-distance / lengthSquared);
      similarity[i * dimension + j] = value;
      similarity[j * dimension + i] = value;
    }
  centreBoth(design, similarity);
  return similarity;
}

/** log(1 + value / least positive value), standardised over the entries; null for a constant. */
function logScale(values: readonly number[]): Float64Array | null {
  const least = Math.min(...values.filter((value) => value > 0));
  const logs = Float64Array.from(values, (value) => Math.log1p(value / least));
  const average = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - average) ** 2, 0) / logs.length);
  return deviation > 0 && Number.isFinite(deviation)
    ? logs.map((value) => (value - average) / deviation)
    : null;
}
