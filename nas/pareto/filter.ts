import { dominates, type Points } from './dominance.js';
import { nonDominated2d } from './filter-2d.js';
import { nonDominated3d } from './filter-3d.js';

/**
 * Indices, ascending, of the points that none dominates (all objectives minimised). Equal points do not dominate each other,
 * so all copies stay. Any number of objectives; empty in, empty out. RangeError for NaN.
 */
export function nonDominated(points: Points): number[] {
  const objectives = points[0]?.length ?? 0;
  if (objectives === 2) return Array.from(nonDominated2d(column(points, 0), column(points, 1)));
  if (objectives === 3)
    return Array.from(nonDominated3d(column(points, 0), column(points, 1), column(points, 2)));
  return nonDominatedPlain(points);
}

/** The definition in O(n²): the oracle of the fast ones. */
export function nonDominatedPlain(points: Points): number[] {
  return points.flatMap((point, i) => (points.some((other) => dominates(other, point)) ? [] : [i]));
}

/** One column of rows of objectives. */
export function column(points: Points, objective: number): Float64Array {
  return Float64Array.from(points, (point) => point[objective] as number);
}
