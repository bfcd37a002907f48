import type { Points } from './dominance.js';

/*
 * Quality of a set A against a reference set Z, all objectives minimised. Pass the non-dominated, distinct points of A
 * (`nonDominated`, `distinctPoints`): the averages over A change otherwise. NaN when either set is empty.
 */

/** Generational distance: mean over A of the Euclidean distance to Z (arithmetic mean; Van Veldhuizen's differs). */
export function generationalDistance(set: Points, reference: Points): number {
  return meanOfNearest(set, reference, euclidean);
}

/** GD⁺ (Ishibuchi et al. 2015): GD that counts only what is worse than the reference point. */
export function generationalDistancePlus(set: Points, reference: Points): number {
  return meanOfNearest(set, reference, excess);
}

/** Inverted generational distance: mean over Z of the Euclidean distance to A. Not Pareto compliant. */
export function invertedGenerationalDistance(set: Points, reference: Points): number {
  return meanOfNearest(reference, set, euclidean);
}

/** IGD⁺ (Ishibuchi et al. 2015): mean over Z of how far A falls short of it. Weakly Pareto compliant. */
export function invertedGenerationalDistancePlus(set: Points, reference: Points): number {
  return meanOfNearest(reference, set, (z, a) => excess(a, z));
}

/** Least amount to subtract from every objective of A so that it weakly dominates all of Z (Zitzler et al. 2003). */
export function additiveEpsilon(set: Points, reference: Points): number {
  return worstOfNearest(set, reference, (a, z) => a - z);
}

/** The same with a factor: the least by which to divide A's objectives. Positive objectives only. */
export function multiplicativeEpsilon(set: Points, reference: Points): number {
  return worstOfNearest(set, reference, (a, z) => a / z);
}

type Distance = (from: readonly number[], to: readonly number[]) => number;

function meanOfNearest(from: Points, to: Points, distance: Distance): number {
  if (from.length === 0 || to.length === 0) return NaN;
  let sum = 0;
  for (const point of from) {
    let nearest = Infinity;
    for (const other of to) nearest = Math.min(nearest, distance(point, other));
    sum += nearest;
  }
  return sum / from.length;
}

function worstOfNearest(set: Points, reference: Points, gap: (a: number, z: number) => number): number {
  if (set.length === 0 || reference.length === 0) return NaN;
  const shortfall = (z: readonly number[], a: readonly number[]): number =>
    Math.max(...z.map((zi, i) => gap(a[i] as number, zi)));
  return Math.max(...reference.map((z) => Math.min(...set.map((a) => shortfall(z, a)))));
}

function euclidean(a: readonly number[], z: readonly number[]): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += ((a[i] as number) - (z[i] as number)) ** 2;
  return Math.sqrt(squares);
}

/** Distance from the region that `a` must reach to be no worse than `z` anywhere. */
function excess(a: readonly number[], z: readonly number[]): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += Math.max((a[i] as number) - (z[i] as number), 0) ** 2;
  return Math.sqrt(squares);
}
