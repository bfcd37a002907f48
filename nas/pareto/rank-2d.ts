import { checkColumns, intervalsOf } from './columns.js';
import { scratchFloat64, scratchUint32 } from './scratch.js';
import { lexicographicOrder } from './sort-order.js';

/** Intervals of y that remember how far the fronts reach under them. */
const INTERVALS = 1024;
/** Fronts that are looked at one by one before the rest is bisected. */
const NEAR = 8;

/**
 * Non-domination ranks for two objectives in columns, O(n log n) (Jensen 2003): in ascending (x, y) the last y of each front
 * rises from front to front, so a point's front is the first whose last y is above it. The fronts' last y only ever fall, so
 * what an interval of y remembers is always at or before the front that is looked for, and mostly next to it.
 * RangeError for NaN or lengths that differ.
 */
export function nonDominationRanks2d(x: Float64Array, y: Float64Array): Uint32Array {
  checkColumns(x, y);
  const n = x.length;
  const order = lexicographicOrder([x, y], scratchUint32('sweep order', n));
  const ranks = new Uint32Array(n);
  const lastY = scratchFloat64('last y of fronts', n + 1);
  const range = n < 4 * INTERVALS ? null : intervalsOf(y, INTERVALS);
  const low = range?.low ?? 0;
  const scale = range?.scale ?? 0;
  const known = new Uint32Array(INTERVALS);
  let fronts = 0;
  let previous = -1;
  lastY[0] = Infinity;
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    const yi = y[i] as number;
    if (previous >= 0 && yi === y[previous] && x[i] === x[previous]) {
      ranks[i] = ranks[previous] as number;
      continue;
    }
    previous = i;
    const interval = scale === 0 ? 0 : ((yi - low) * scale) | 0;
    let front = scale === 0 ? 0 : (known[interval] as number);
    const near = front + NEAR;
    while (front < fronts && (lastY[front] as number) <= yi && front < near) front++;
    if (front === near) front = firstAbove(yi, lastY, near, fronts);
    if (front === fronts) fronts++;
    lastY[front] = yi;
    ranks[i] = front;
    // Fronts before this one end at or below yi, so they do for every later point of the intervals above.
    if (scale !== 0 && interval + 1 < INTERVALS && (known[interval + 1] as number) <= front)
      known[interval + 1] = front + 1;
  }
  return ranks;
}

/** The first front from `from` whose last y is above `y`; `fronts` when there is none. */
function firstAbove(y: number, lastY: Float64Array, from: number, fronts: number): number {
  let low = from;
  let high = fronts;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lastY[middle] as number) <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
