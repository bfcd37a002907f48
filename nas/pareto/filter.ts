import { dominates, type Points } from './dominance.js';
import { lexicographicOrder } from './sort-order.js';

/**
 * Indices, ascending, of the points that none dominates (all objectives minimised). Equal points do not dominate each other,
 * so all copies stay. Any number of objectives; empty in, empty out. RangeError for NaN.
 */
export function nonDominated(points: Points): number[] {
  const objectives = points[0]?.length ?? 0;
  if (objectives === 2) return Array.from(nonDominated2d(column(points, 0), column(points, 1)));
  return nonDominatedPlain(points);
}

/** The definition in O(n²): the oracle of the fast one. */
export function nonDominatedPlain(points: Points): number[] {
  return points.flatMap((point, i) => (points.some((other) => dominates(other, point)) ? [] : [i]));
}

/**
 * The same for two objectives in columns: indices, ascending. Points that an interval further left already dominates go in
 * O(n); the rest are sorted and swept (Kung, Luccio and Preparata 1975). RangeError for NaN or lengths that differ.
 */
export function nonDominated2d(x: Float64Array, y: Float64Array): Uint32Array {
  const candidates = withoutPlainlyDominated(x, y);
  const cx = new Float64Array(candidates.length);
  const cy = new Float64Array(candidates.length);
  for (let at = 0; at < candidates.length; at++) {
    cx[at] = x[candidates[at] as number] as number;
    cy[at] = y[candidates[at] as number] as number;
  }
  const kept = sweep(lexicographicOrder(cx, cy), cx, cy);
  for (let at = 0; at < kept.length; at++) kept[at] = candidates[kept[at] as number] as number;
  return kept.sort();
}

/** One column of rows of objectives. */
export function column(points: Points, objective: number): Float64Array {
  return Float64Array.from(points, (point) => point[objective] as number);
}

function sweep(order: Uint32Array, x: Float64Array, y: Float64Array): Uint32Array {
  const kept = new Uint32Array(order.length);
  let count = 0;
  let bestX = Infinity;
  let bestY = Infinity;
  for (let at = 0; at < order.length; at++) {
    const i = order[at] as number;
    const yi = y[i] as number;
    const xi = x[i] as number;
    if (count > 0 && yi >= bestY && !(yi === bestY && xi === bestX)) continue;
    bestX = xi;
    bestY = yi;
    kept[count++] = i;
  }
  return kept.slice(0, count);
}

/** Drops the points for which an interval of smaller x holds a y that is no larger. */
function withoutPlainlyDominated(x: Float64Array, y: Float64Array): Uint32Array {
  const n = x.length;
  if (y.length !== n) throw new RangeError(`${String(n)} values of x, ${String(y.length)} of y`);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    const xi = x[i] as number;
    if (Number.isNaN(xi) || Number.isNaN(y[i]))
      throw new RangeError(`point ${String(i)} has an objective NaN`);
    if (xi < low) low = xi;
    if (xi > high) high = xi;
  }
  const intervals = 1024;
  const scale = (intervals - 1) / (high - low);
  const spread = Number.isFinite(scale) && scale > 0;
  const lowest = new Float64Array(intervals + 1).fill(Infinity);
  if (spread)
    for (let i = 0; i < n; i++) {
      const next = ((((x[i] as number) - low) * scale) | 0) + 1;
      const yi = y[i] as number;
      if (yi < (lowest[next] as number)) lowest[next] = yi;
    }
  for (let at = 1; at <= intervals; at++)
    if ((lowest[at - 1] as number) < (lowest[at] as number)) lowest[at] = lowest[at - 1] as number;
  const kept = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const interval = spread ? (((x[i] as number) - low) * scale) | 0 : 0;
    const yi = y[i] as number;
    if (interval === 0 || yi < (lowest[interval] as number)) kept[count++] = i;
  }
  return kept.subarray(0, count);
}
