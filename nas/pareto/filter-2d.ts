import { checkColumns, gathered, intervalsOf } from './columns.js';
import { scratchFlags, scratchUint32 } from './scratch.js';
import { lexicographicOrder } from './sort-order.js';

/** Few enough that their least values stay in the nearest cache. */
const COARSE = 1024;

/**
 * Two objectives in columns: indices, ascending, of the points that none dominates. A point for which an interval of lower x
 * holds a y that is no larger goes at once, in O(n); the rest are sorted and swept. RangeError for NaN or lengths that differ.
 */
export function nonDominated2d(x: Float64Array, y: Float64Array): Uint32Array {
  checkColumns(x, y);
  const candidates = mostAreDominated(x, y) ? leftByIntervals(x, y, COARSE) : null;
  if (candidates === null || candidates.length === x.length) return nonDominatedBySweep(x, y);
  const kept = nonDominatedBySweep(gathered(x, candidates), gathered(y, candidates));
  for (let at = 0; at < kept.length; at++) kept[at] = candidates[kept[at] as number] as number;
  return kept;
}

/** Judged by some of the points: dividing many costs time that only pays where it spares sorting them. */
function mostAreDominated(x: Float64Array, y: Float64Array): boolean {
  const step = Math.floor(x.length / COARSE);
  if (step < 4) return false;
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: COARSE }, (_, i) => values[i * step] as number);
  const left = leftByIntervals(pick(x), pick(y), COARSE / 16);
  return left !== null && left.length < COARSE / 2;
}

/** In ascending (x, y) a point stays if its y is below all before it (Kung, Luccio and Preparata 1975). */
function nonDominatedBySweep(x: Float64Array, y: Float64Array): Uint32Array {
  const n = x.length;
  const order = lexicographicOrder([x, y], scratchUint32('filter order', n));
  // What stays moves to the beginning of `order`.
  let count = 0;
  let best = -1;
  let bestY = NaN;
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    const yi = y[i] as number;
    if (yi >= bestY && !(yi === bestY && x[i] === x[best])) continue;
    best = i;
    bestY = yi;
    order[count++] = i;
  }
  return ascendingIndices(order, count, n);
}

/** The first `count` of the indices below n, ascending. */
function ascendingIndices(indices: Uint32Array, count: number, n: number): Uint32Array {
  if (count < n >>> 6) return indices.slice(0, count).sort();
  if (count === n) {
    const all = new Uint32Array(n);
    for (let i = 0; i < n; i++) all[i] = i;
    return all;
  }
  const flags = scratchFlags('stays', n);
  for (let at = 0; at < count; at++) flags[indices[at] as number] = 1;
  return flagged(flags, count);
}

/** Points for which no interval of lower x holds a y that is no larger; null when intervals cannot be made. */
function leftByIntervals(x: Float64Array, y: Float64Array, intervals: number): Uint32Array | null {
  const n = x.length;
  const range = intervalsOf(x, intervals);
  if (range === null) return null;
  const { low, scale } = range;
  const floor = new Float64Array(intervals + 1).fill(Infinity);
  for (let i = 0; i < n; i++) {
    const next = ((((x[i] as number) - low) * scale) | 0) + 1;
    const yi = y[i] as number;
    if (yi < (floor[next] as number)) floor[next] = yi;
  }
  fallOnly(floor);
  const left = scratchUint32('left by intervals', n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const interval = (((x[i] as number) - low) * scale) | 0;
    if (interval === 0 || (y[i] as number) < (floor[interval] as number)) left[count++] = i;
  }
  return left.subarray(0, count);
}

/** Makes each value the least up to it. */
function fallOnly(values: Float64Array): void {
  let least = Infinity;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value < least) least = value;
    else values[at] = least;
  }
}

/** Places of the ones, ascending. */
export function flagged(flags: Uint8Array, count: number): Uint32Array {
  const places = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < flags.length; i++) if (flags[i] === 1) places[at++] = i;
  return places;
}
