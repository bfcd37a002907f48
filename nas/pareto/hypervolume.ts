import type { Points } from './dominance.js';
import { column } from './filter.js';
import { lexicographicOrder } from './sort-order.js';

/**
 * Volume that the points dominate within `reference` (all objectives minimised), for two or three objectives; points not
 * better than the reference in every objective add nothing; 0 of nothing. RangeError for any other number of objectives.
 */
export function hypervolume(points: Points, reference: readonly number[]): number {
  const [rx, ry, rz] = reference;
  if (rx !== undefined && ry !== undefined && rz === undefined)
    return hypervolume2d(column(points, 0), column(points, 1), rx, ry);
  if (rx === undefined || ry === undefined || rz === undefined || reference.length > 3)
    throw new RangeError(`hypervolume takes 2 or 3 objectives, got ${String(reference.length)}`);
  return hypervolume3d(points, rx, ry, rz);
}

/** Two objectives in columns, dominated points allowed, O(n log n). */
export function hypervolume2d(
  x: Float64Array,
  y: Float64Array,
  referenceX: number,
  referenceY: number,
): number {
  const order = lexicographicOrder(x, y);
  let volume = 0;
  let ceiling = referenceY;
  for (let at = 0; at < order.length; at++) {
    const i = order[at] as number;
    const xi = x[i] as number;
    const yi = y[i] as number;
    if (xi >= referenceX) break;
    if (yi >= ceiling) continue;
    volume += (referenceX - xi) * (ceiling - yi);
    ceiling = yi;
  }
  return volume;
}

/** Slices along the third objective, each the area of what has been met so far: O(n²), enough below 10⁴ points. */
function hypervolume3d(points: Points, rx: number, ry: number, rz: number): number {
  const inside = points
    .filter(([x = Infinity, y = Infinity, z = Infinity]) => x < rx && y < ry && z < rz)
    .sort((a, b) => (a[2] as number) - (b[2] as number));
  let volume = 0;
  let staircase: (readonly [number, number])[] = [];
  inside.forEach((point, at) => {
    staircase = withPoint(staircase, point[0] as number, point[1] as number);
    const top = inside[at + 1]?.[2] ?? rz;
    volume += area(staircase, rx, ry) * (top - (point[2] as number));
  });
  return volume;
}

/** Mutually non-dominated points by ascending x (so descending y), with one more if it belongs there. */
function withPoint(
  staircase: readonly (readonly [number, number])[],
  x: number,
  y: number,
): (readonly [number, number])[] {
  if (staircase.some(([px, py]) => px <= x && py <= y)) return [...staircase];
  const rest = staircase.filter(([px, py]) => px < x || py < y);
  const at = rest.findIndex(([px]) => px > x);
  rest.splice(at < 0 ? rest.length : at, 0, [x, y]);
  return rest;
}

function area(staircase: readonly (readonly [number, number])[], rx: number, ry: number): number {
  let sum = 0;
  let ceiling = ry;
  for (const [x, y] of staircase) {
    sum += (rx - x) * (ceiling - y);
    ceiling = y;
  }
  return sum;
}
