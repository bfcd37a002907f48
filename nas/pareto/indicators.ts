import type { Points } from './dominance.js';
import { KdTree, type Measure } from './kd-tree.js';
import { euclidean, excessOfQuery, excessOverQuery, largestDifference, largestRatio } from './measures.js';

/*
 * Quality of a set A against a reference set Z, all objectives minimised. Pass the non-dominated, distinct points of A
 * (`nonDominated`, `distinctPoints`): the averages over A change otherwise. NaN when either set is empty.
 */

/** Generational distance: mean over A of the Euclidean distance to Z (arithmetic mean; Van Veldhuizen's differs). */
export function generationalDistance(set: Points, reference: Points): number {
  return mean(nearestDistances(set, reference, euclidean));
}

/** GD⁺ (Ishibuchi et al. 2015): GD that counts only what is worse than the reference point. */
export function generationalDistancePlus(set: Points, reference: Points): number {
  return mean(nearestDistances(set, reference, excessOfQuery));
}

/** Inverted generational distance: mean over Z of the Euclidean distance to A. Not Pareto compliant. */
export function invertedGenerationalDistance(set: Points, reference: Points): number {
  return mean(nearestDistances(reference, set, euclidean));
}

/** IGD⁺ (Ishibuchi et al. 2015): mean over Z of how far A falls short of it. Weakly Pareto compliant. */
export function invertedGenerationalDistancePlus(set: Points, reference: Points): number {
  return mean(nearestDistances(reference, set, excessOverQuery));
}

/** Least amount to subtract from every objective of A so that it weakly dominates all of Z (Zitzler et al. 2003). */
export function additiveEpsilon(set: Points, reference: Points): number {
  return worst(nearestDistances(reference, set, largestDifference));
}

/** The same with a factor: the least by which to divide A's objectives. Positive objectives only. */
export function multiplicativeEpsilon(set: Points, reference: Points): number {
  return worst(nearestDistances(reference, set, largestRatio));
}

/** Below this many pairs, comparing all is faster than planting a tree. */
const FEW_PAIRS = 2048;

/** From each point the distance to the nearest of the others; empty when either side is. */
function nearestDistances(from: Points, to: Points, measure: Measure): Float64Array {
  if (to.length === 0) return new Float64Array();
  if (from.length * to.length <= FEW_PAIRS) return nearestDistancesPlain(from, to, measure);
  const tree = new KdTree(to);
  return Float64Array.from(from, (point) => tree.nearest(point, measure));
}

/** Every pair compared: the oracle of the tree. */
export function nearestDistancesPlain(from: Points, to: Points, measure: Measure): Float64Array {
  const coordinates = to.map((point) => Float64Array.from(point));
  return Float64Array.from(from, (point) =>
    coordinates.reduce((least, other) => Math.min(least, measure.toPoint(point, other, 0)), Infinity),
  );
}

function mean(distances: Float64Array): number {
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

function worst(distances: Float64Array): number {
  return distances.length === 0 ? NaN : distances.reduce((most, each) => Math.max(most, each), -Infinity);
}
