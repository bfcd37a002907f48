import { dominates, type Points } from './dominance.js';
import { column } from './filter.js';
import { nonDominationRanks2d } from './rank-2d.js';
import { nonDominationRanks3d } from './rank-3d.js';

/**
 * Non-domination rank of each point, 0 for the front, 1 for the front of what remains, and so on (Deb et al. 2002, NSGA-II;
 * all objectives minimised). Equal points share a rank.
 */
export function nonDominationRanks(points: Points): Uint32Array {
  const objectives = points[0]?.length ?? 0;
  if (objectives === 2) return nonDominationRanks2d(column(points, 0), column(points, 1));
  if (objectives === 3) return nonDominationRanks3d(column(points, 0), column(points, 1), column(points, 2));
  return nonDominationRanksPlain(points);
}

/** The definition, front by front: the oracle of the fast ones. */
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
