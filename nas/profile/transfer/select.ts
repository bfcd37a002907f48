import { matrixTimesRow, quadratic, type Design } from './design.js';
import { weighted, type Prior } from './prior.js';
import { addOuter, times } from './symmetric.js';

/** What the choice of samples assumes; set by leaving known devices of FBNet out (docs/guides/transfer.md). */
const ASSUMED = { devices: 1, features: 1, similarity: 1, entries: 0.1, level: 1 };
/** Standard deviation of a measurement around what its blocks say, relative to the spread of the candidates. */
const ASSUMED_NOISE = 0.4;

const MAX_CONSIDERED = 10_000;

/**
 * The candidates whose measurement tells most about all others: one after another, each makes the mean posterior variance of
 * the candidates, as they lie around their mean, the least (A-optimal design, greedily). Needs no measurement. Looks at no more
 * than 10,000 candidates, evenly spaced; fewer than `count` when there are no more.
 */
export function mostInformative(design: Design, prior: Prior, count: number): readonly number[] {
  const { size } = design;
  const step = Math.max(1, size / MAX_CONSIDERED);
  const considered = new Set<number>();
  for (let at = 0; at < size; at += step) considered.add(Math.floor(at));
  const noise = ASSUMED_NOISE ** 2 * prior.variance;
  const covariance = weighted(prior, ASSUMED);
  const gain = gainMatrix(design, covariance);
  const chosen: number[] = [];
  while (chosen.length < count && considered.size > 0) {
    let best = { row: -1, value: -Infinity, variance: 0 };
    for (const row of considered) {
      const variance = quadratic(design, covariance, row) + noise;
      const value = quadratic(design, gain, row) / variance;
      if (value > best.value) best = { row, value, variance };
    }
    considered.delete(best.row);
    chosen.push(best.row);
    learn(design, covariance, gain, best.row, best.variance);
  }
  return chosen;
}

/** P W P for the covariance P and the candidates' second moment W: rowᵀ · gain · row is what measuring that row takes off. */
function gainMatrix({ secondMoment, dimension }: Design, covariance: Float64Array): Float64Array {
  return product(product(covariance, secondMoment, dimension), covariance, dimension);
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k] as number;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++)
        result[i * size + j] = (result[i * size + j] as number) + factor * (b[k * size + j] as number);
    }
  return result;
}

/** The covariance after measuring a row, and the gain that belongs to it, both by updates of rank one and two. */
function learn(
  design: Design,
  covariance: Float64Array,
  gain: Float64Array,
  row: number,
  variance: number,
): void {
  const u = matrixTimesRow(design, covariance, row);
  const z = matrixTimesRow(design, gain, row);
  const weightedU = times(design.secondMoment, u);
  const uwu = u.reduce((sum, value, i) => sum + value * (weightedU[i] as number), 0);
  addOuter(covariance, u, u, -1 / variance);
  addOuter(gain, u, z, -2 / variance);
  addOuter(gain, u, u, uwu / variance ** 2);
}
