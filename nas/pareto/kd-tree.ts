import type { Points } from './dominance.js';

/** A distance from a query to points, and the least that it can be to any point of a box. */
export interface Measure {
  /** Of the point whose coordinates begin at `at`. */
  toPoint(query: readonly number[], coordinates: Float64Array, at: number): number;
  /** `corners` holds at `at` the box's least corner, then its greatest. Never above `toPoint` of a point in the box. */
  toBox(query: readonly number[], corners: Float64Array, at: number): number;
}

const LEAF = 8;

/**
 * A k-d tree (Bentley 1975) over rows: halves by the median of the widest side until a leaf has at most eight points. A node's
 * children are 2·node + 1 and 2·node + 2. Answers the least distance from a query by any `Measure`.
 */
export class KdTree {
  private readonly dimensions: number;
  private readonly count: number;
  private readonly coordinates: Float64Array;
  private readonly corners: Float64Array;

  /** At least one row; rows of one length. */
  constructor(points: Points) {
    this.count = points.length;
    this.dimensions = points[0]?.length ?? 0;
    const order = Uint32Array.from(points.keys());
    let nodes = 1;
    for (let size = this.count; size > LEAF; size = Math.ceil(size / 2)) nodes = 2 * nodes + 1;
    this.corners = new Float64Array(nodes * 2 * this.dimensions);
    this.build(points, order, 0, 0, this.count);
    this.coordinates = new Float64Array(this.count * this.dimensions);
    order.forEach((i, at) => {
      this.coordinates.set(points[i] ?? [], at * this.dimensions);
    });
  }

  /** The least distance from the query to a point. */
  nearest(query: readonly number[], measure: Measure): number {
    return this.search(query, measure, 0, 0, this.count, Infinity);
  }

  private search(
    query: readonly number[],
    measure: Measure,
    node: number,
    start: number,
    end: number,
    known: number,
  ): number {
    let best = known;
    if (end - start <= LEAF) {
      for (let at = start; at < end; at++) {
        const distance = measure.toPoint(query, this.coordinates, at * this.dimensions);
        if (distance < best) best = distance;
      }
      return best;
    }
    const middle = middleOf(start, end);
    const left = 2 * node + 1;
    const stride = 2 * this.dimensions;
    const toLeft = measure.toBox(query, this.corners, left * stride);
    const toRight = measure.toBox(query, this.corners, (left + 1) * stride);
    if (toLeft <= toRight) {
      if (toLeft < best) best = this.search(query, measure, left, start, middle, best);
      if (toRight < best) best = this.search(query, measure, left + 1, middle, end, best);
    } else {
      if (toRight < best) best = this.search(query, measure, left + 1, middle, end, best);
      if (toLeft < best) best = this.search(query, measure, left, start, middle, best);
    }
    return best;
  }

  private build(points: Points, order: Uint32Array, node: number, start: number, end: number): void {
    const base = node * 2 * this.dimensions;
    let widest = 0;
    let widestRange = -Infinity;
    for (let side = 0; side < this.dimensions; side++) {
      let low = Infinity;
      let high = -Infinity;
      for (let at = start; at < end; at++) {
        const value = points[order[at] as number]?.[side] as number;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      this.corners[base + side] = low;
      this.corners[base + this.dimensions + side] = high;
      if (high - low > widestRange) {
        widestRange = high - low;
        widest = side;
      }
    }
    if (end - start <= LEAF) return;
    order
      .subarray(start, end)
      .sort((i, j) => ((points[i]?.[widest] as number) < (points[j]?.[widest] as number) ? -1 : 1));
    const middle = middleOf(start, end);
    this.build(points, order, 2 * node + 1, start, middle);
    this.build(points, order, 2 * node + 2, middle, end);
  }
}

/** The left half is never the smaller one, so that the deepest leaf is on the left. */
function middleOf(start: number, end: number): number {
  return start + ((end - start + 1) >>> 1);
}
