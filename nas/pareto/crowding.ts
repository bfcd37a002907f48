import type { Points } from './dominance.js';

/**
 * Crowding distance of each point of one front (Deb et al. 2002): the sum over objectives of the gap between its neighbours,
 * in units of the objective's range. Infinite for the ends of every objective and for fronts of one or two; an objective
 * without range, or with an infinite one, adds nothing else.
 */
export function crowdingDistances(front: Points): Float64Array {
  const n = front.length;
  const distances = new Float64Array(n);
  if (n <= 2) return distances.fill(Infinity);
  const objectives = front[0]?.length ?? 0;
  for (let objective = 0; objective < objectives; objective++) {
    const value = (i: number): number => front[i]?.[objective] as number;
    const order = front.map((_, i) => i).sort((i, j) => value(i) - value(j));
    const first = order[0] as number;
    const last = order[n - 1] as number;
    if (value(first) === value(last)) continue;
    const range = value(last) - value(first);
    distances[first] = Infinity;
    distances[last] = Infinity;
    for (let at = 1; at < n - 1 && range < Infinity; at++) {
      const gap = value(order[at + 1] as number) - value(order[at - 1] as number);
      const i = order[at] as number;
      distances[i] = (distances[i] as number) + gap / range;
    }
  }
  return distances;
}
