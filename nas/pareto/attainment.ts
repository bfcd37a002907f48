import type { Points } from './dominance.js';
import { column, nonDominated } from './filter.js';
import { ascendingOrder } from './sort-order.js';

/**
 * The surface that at least `atLeast` of the runs attain (Grunert da Fonseca and Fonseca 2001): the non-dominated points z such
 * that so many runs hold a point no worse than z in any objective. `runs` holds each run's points, dominated ones allowed, two
 * or three minimised objectives; half of the runs gives the median surface, 1 the union's front, all of them the worst case.
 * Two objectives in O(n log n + n·runs) for n points in all, three in n times that. Empty when fewer runs have any point.
 * RangeError for another number of objectives or of runs.
 */
export function attainmentSurface(runs: readonly Points[], atLeast: number): Points {
  if (!Number.isInteger(atLeast) || atLeast < 1 || atLeast > runs.length)
    throw new RangeError(
      `atLeast must be an integer from 1 to ${String(runs.length)}, got ${String(atLeast)}`,
    );
  const points = runs.flat();
  const run = Uint32Array.from(runs.flatMap((each, r) => each.map(() => r)));
  const objectives = points[0]?.length ?? 2;
  if (objectives !== 2 && objectives !== 3)
    throw new RangeError(`attainment takes 2 or 3 objectives, got ${String(objectives)}`);
  const byX = ascendingOrder(column(points, 0));
  if (objectives === 2) return surface2d(points, run, byX, runs.length, atLeast, () => true);
  const levels = [...new Set(column(points, 2))].sort((a, b) => a - b);
  const found = levels.flatMap((level) =>
    surface2d(points, run, byX, runs.length, atLeast, (i) => (points[i]?.[2] as number) <= level).map(
      ([x = NaN, y = NaN]) => [x, y, level],
    ),
  );
  return nonDominated(found).map((i) => found[i] ?? []);
}

/** Ascending x: the k-th lowest of the runs' best y so far; a corner wherever it falls. */
function surface2d(
  points: Points,
  run: Uint32Array,
  byX: Uint32Array,
  runs: number,
  atLeast: number,
  counts: (i: number) => boolean,
): Points {
  const best = new Float64Array(runs).fill(Infinity);
  const ascending = new Float64Array(runs).fill(Infinity);
  const corners: (readonly [number, number])[] = [];
  for (const i of byX) {
    const y = points[i]?.[1] as number;
    const r = run[i] as number;
    const before = best[r] as number;
    if (!counts(i) || !(y < before)) continue;
    best[r] = y;
    replaceAscending(ascending, before, y);
    const x = points[i]?.[0] as number;
    const attained = ascending[atLeast - 1] as number;
    const last = corners.at(-1);
    if (attained === Infinity || (last !== undefined && attained >= last[1])) continue;
    if (last?.[0] === x) corners.pop();
    corners.push([x, attained]);
  }
  return corners;
}

/** Takes one `before` out and puts the smaller `value` in. */
function replaceAscending(ascending: Float64Array, before: number, value: number): void {
  let at = ascending.indexOf(before);
  while (at > 0 && (ascending[at - 1] as number) > value) {
    ascending[at] = ascending[at - 1] as number;
    at--;
  }
  ascending[at] = value;
}
