import { dominates, type Points } from './dominance.js';
import { column } from './filter.js';
import { lexicographicOrder } from './sort-order.js';

/**
 * Non-domination rank of each point, 0 for the front, 1 for the front of what remains, and so on (Deb et al. 2002, NSGA-II;
 * all objectives minimised). Equal points share a rank.
 */
export function nonDominationRanks(points: Points): Uint32Array {
  const objectives = points[0]?.length ?? 0;
  return objectives === 2
    ? nonDominationRanks2d(column(points, 0), column(points, 1))
    : nonDominationRanksPlain(points);
}

/** The definition, front by front: the oracle of the fast one. */
export function nonDominationRanksPlain(points: Points): Uint32Array {
  const ranks = new Uint32Array(points.length);
  let remaining = points.map((_, i) => i);
  for (let rank = 0; remaining.length > 0; rank++) {
    const left = remaining;
    remaining = left.filter((i) => left.some((j) => dominates(points[j] ?? [], points[i] ?? [])));
    const next = new Set(remaining);
    for (const i of left) if (!next.has(i)) ranks[i] = rank;
  }
  return ranks;
}

/**
 * The same for two objectives in columns, O(n log n) (Jensen 2003): in ascending (x, y) the last y of each front rises from
 * front to front, so a point's front is found by bisection.
 */
export function nonDominationRanks2d(x: Float64Array, y: Float64Array): Uint32Array {
  const n = x.length;
  const order = lexicographicOrder(x, y);
  const ranks = new Uint32Array(n);
  const lastY = new Float64Array(n);
  let fronts = 0;
  let previous = -1;
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    const yi = y[i] as number;
    if (previous >= 0 && yi === y[previous] && x[i] === x[previous]) {
      ranks[i] = ranks[previous] as number;
      continue;
    }
    let low = 0;
    let high = fronts;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((lastY[middle] as number) <= yi) low = middle + 1;
      else high = middle;
    }
    if (low === fronts) fronts++;
    lastY[low] = yi;
    ranks[i] = low;
    previous = i;
  }
  return ranks;
}
