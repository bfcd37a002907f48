import { checkColumns } from './columns.js';
import type { Points } from './dominance.js';
import { column } from './filter.js';
import { hypervolume3d } from './hypervolume-3d.js';
import { scratchUint32 } from './scratch.js';
import { lexicographicOrder } from './sort-order.js';

/**
 * Volume that the points dominate within `reference` (all objectives minimised), for two or three objectives; points not
 * better than the reference in every objective add nothing; 0 of nothing. RangeError for any other number of objectives and
 * for NaN.
 */
export function hypervolume(points: Points, reference: readonly number[]): number {
  const [rx, ry, rz] = reference;
  if (rx !== undefined && ry !== undefined && rz === undefined)
    return hypervolume2d(column(points, 0), column(points, 1), rx, ry);
  if (rx === undefined || ry === undefined || rz === undefined || reference.length > 3)
    throw new RangeError(`hypervolume takes 2 or 3 objectives, got ${String(reference.length)}`);
  return hypervolume3d(column(points, 0), column(points, 1), column(points, 2), rx, ry, rz);
}

/** Two objectives in columns, dominated points allowed, O(n log n); O(n) for points that come in ascending x. */
export function hypervolume2d(
  x: Float64Array,
  y: Float64Array,
  referenceX: number,
  referenceY: number,
): number {
  checkColumns(x, y);
  const order = isAscending(x) ? null : lexicographicOrder([x, y], scratchUint32('sweep order', x.length));
  let volume = 0;
  let ceiling = referenceY;
  for (let at = 0; at < x.length; at++) {
    const i = order === null ? at : (order[at] as number);
    const xi = x[i] as number;
    const yi = y[i] as number;
    if (xi >= referenceX) break;
    if (yi >= ceiling) continue;
    volume += (referenceX - xi) * (ceiling - yi);
    ceiling = yi;
  }
  return volume;
}

/** Equal x may come in any order: each adds what it reaches below the ones before it. */
function isAscending(x: Float64Array): boolean {
  for (let i = 1; i < x.length; i++) if ((x[i] as number) < (x[i - 1] as number)) return false;
  return true;
}
