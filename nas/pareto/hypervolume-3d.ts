import { checkColumns } from './columns.js';
import { scratchUint32 } from './scratch.js';
import { ascendingOrder } from './sort-order.js';
import { placesOf, Staircase } from './staircase.js';

/**
 * Volume that points in columns dominate within a reference, dominated points allowed, in O(n log n) (Beume et al. 2009): slices
 * along z, whose area is kept up to date while the staircase of (x, y) takes a point in and lets others go.
 * RangeError for NaN or lengths that differ.
 */
export function hypervolume3d(
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  referenceX: number,
  referenceY: number,
  referenceZ: number,
): number {
  checkColumns(x, y, z);
  const n = x.length;
  const order = ascendingOrder(z, scratchUint32('sweep order', n));
  const byX = ascendingOrder(x, scratchUint32('order of x', n));
  const { place, count } = placesOf(x, byX);
  const xs = new Float64Array(count);
  for (let i = 0; i < n; i++) xs[place[i] as number] = x[i] as number;
  const stairs = new Staircase(count);
  let volume = 0;
  let area = 0;
  let floor = NaN;
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    const zi = z[i] as number;
    const xi = x[i] as number;
    const yi = y[i] as number;
    if (zi >= referenceZ) break;
    if (xi >= referenceX || yi >= referenceY) continue;
    if (area > 0) volume += area * (zi - floor);
    floor = zi;
    area += gain(stairs, xs, place[i] as number, yi, referenceX, referenceY);
  }
  return area > 0 ? volume + area * (referenceZ - floor) : 0;
}

/** Takes (x, y) into the staircase and returns the area that it adds below `referenceX`, `referenceY`. */
function gain(
  stairs: Staircase,
  xs: Float64Array,
  here: number,
  y: number,
  referenceX: number,
  referenceY: number,
): number {
  const left = stairs.atOrBefore(here);
  let ceiling = left < 0 ? referenceY : (stairs.y[left] as number);
  if (ceiling <= y) return 0;
  let added = 0;
  let from = xs[here] as number;
  // A step at this very x gives way: the ceiling over it is its own y.
  if (left === here) stairs.remove(left);
  for (let right = stairs.after(here); ; right = stairs.after(right)) {
    const end = right < 0 ? referenceX : (xs[right] as number);
    added += (end - from) * (ceiling - y);
    if (right < 0) break;
    ceiling = stairs.y[right] as number;
    if (ceiling <= y) break;
    stairs.remove(right);
    from = end;
  }
  stairs.add(here, y);
  return added;
}
