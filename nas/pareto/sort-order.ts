import { gathered, intervalsOf } from './columns.js';
import { countsToStarts, radixOrder } from './radix-order.js';

/** Below this many points a run is sorted by insertion. */
const SHORT = 32;

/**
 * Indices that put rows in ascending order of the first column, then the second, and so on, then index. A radix sort in two
 * passes over the numbers of equal intervals of the first column, finished by insertion; where the values crowd into few
 * intervals, a radix sort of all their bits. Rows that tie are ordered by the columns that follow. Lengths must agree; no NaN.
 * Written into `order` if given.
 */
export function lexicographicOrder(
  columns: readonly Float64Array[],
  order: Uint32Array = new Uint32Array(columns[0]?.length ?? 0),
): Uint32Array {
  const [first, ...rest] = columns;
  if (first === undefined) return order;
  const hasTies = sortInto(order, first);
  if (hasTies && rest.length > 0) orderTies(order, first, rest);
  return order;
}

/** The same for one column: stable. */
export function ascendingOrder(
  values: Float64Array,
  order: Uint32Array = new Uint32Array(values.length),
): Uint32Array {
  sortInto(order, values);
  return order;
}

/** Fills `order`; whether some values are equal. */
function sortInto(order: Uint32Array, values: Float64Array): boolean {
  const n = values.length;
  if (n <= SHORT) {
    for (let i = 0; i < n; i++) order[i] = i;
    return finishByInsertion(order, values, Infinity) === 'ties';
  }
  const digitBits = n < 1 << 12 ? 8 : 11;
  const range = n > MOST_FIXED ? null : intervalsOf(values, 1 << (2 * digitBits));
  if (range !== null) {
    orderByInterval(values, range.low, range.scale, digitBits);
    order.set(n === MOST_FIXED ? ordered : ordered.subarray(0, n));
    const outcome = finishByInsertion(order, values, 4 * n);
    if (outcome !== 'unfinished') return outcome === 'ties';
  }
  radixOrder(values, order);
  return true;
}

/*
 * Working memory as constants of the module: the engine then knows each address and length while it compiles, and does not
 * read them anew at every access. That halves the time of the passes (1.5 ms to 0.65 ms for 100,000 values).
 */
const MOST_FIXED = 1 << 18;
const intervalOf = new Uint32Array(MOST_FIXED);
const byLowerDigit = new Uint32Array(MOST_FIXED);
const ordered = new Uint32Array(MOST_FIXED);
const lower = new Uint32Array(1 << 11);
const upper = new Uint32Array(1 << 11);

/** Two passes of a radix sort over the intervals' numbers, the lower digit first; the result is in `ordered`. */
function orderByInterval(values: Float64Array, low: number, scale: number, digitBits: number): void {
  const n = values.length;
  const mask = (1 << digitBits) - 1;
  lower.fill(0);
  upper.fill(0);
  for (let i = 0; i < n; i++) {
    const interval = (((values[i] as number) - low) * scale) | 0;
    intervalOf[i] = interval;
    lower[interval & mask] = (lower[interval & mask] as number) + 1;
    upper[interval >>> digitBits] = (upper[interval >>> digitBits] as number) + 1;
  }
  countsToStarts(lower);
  countsToStarts(upper);
  byLower(n, mask);
  byUpper(n, digitBits);
}

function byLower(n: number, mask: number): void {
  for (let i = 0; i < n; i++) {
    const digit = (intervalOf[i] as number) & mask;
    const to = lower[digit] as number;
    lower[digit] = to + 1;
    byLowerDigit[to] = i;
  }
}

function byUpper(n: number, digitBits: number): void {
  for (let at = 0; at < n; at++) {
    const i = byLowerDigit[at] as number;
    const digit = (intervalOf[i] as number) >>> digitBits;
    const to = upper[digit] as number;
    upper[digit] = to + 1;
    ordered[to] = i;
  }
}

/** By insertion: stable. Unfinished when it takes more than `most` moves. */
function finishByInsertion(
  order: Uint32Array,
  values: Float64Array,
  most: number,
): 'unfinished' | 'ties' | 'distinct' {
  let moves = 0;
  let ties = 0;
  let last = NaN;
  for (let at = 0; at < order.length; at++) {
    const index = order[at] as number;
    const value = values[index] as number;
    if (!(value < last)) {
      if (value === last) ties++;
      last = value;
      continue;
    }
    let hole = at;
    do {
      order[hole] = order[hole - 1] as number;
      hole--;
    } while (hole > 0 && (values[order[hole - 1] as number] as number) > value);
    order[hole] = index;
    if (hole > 0 && values[order[hole - 1] as number] === value) ties++;
    moves += at - hole;
    if (moves > most) return 'unfinished';
  }
  return ties > 0 ? 'ties' : 'distinct';
}

/** Puts rows that tie in `by` in the order of the columns that follow. */
function orderTies(order: Uint32Array, by: Float64Array, rest: readonly Float64Array[]): void {
  const n = order.length;
  let start = 0;
  let value = n > 0 ? (by[order[0] as number] as number) : NaN;
  for (let at = 1; at <= n; at++) {
    const next = at < n ? (by[order[at] as number] as number) : NaN;
    if (next === value) continue;
    if (at - start > 1) {
      const run = order.slice(start, at);
      const within = lexicographicOrder(rest.map((column) => gathered(column, run)));
      for (let i = 0; i < run.length; i++) order[start + i] = run[within[i] as number] as number;
    }
    start = at;
    value = next;
  }
}
