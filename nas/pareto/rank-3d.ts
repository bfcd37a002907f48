import { checkColumns } from './columns.js';
import { scratchUint32 } from './scratch.js';
import { lexicographicOrder } from './sort-order.js';

/**
 * Non-domination ranks for three objectives in columns. In ascending (z, y, x) each front keeps the staircase of its (x, y);
 * a point that a front dominates is dominated by all fronts before it, so its front is found by bisection over the fronts,
 * with a bisection of a staircase in each step: O(n log f log s) comparisons for f fronts and staircases of s points, and
 * one move of at most s numbers a point. RangeError for NaN or lengths that differ.
 */
export function nonDominationRanks3d(x: Float64Array, y: Float64Array, z: Float64Array): Uint32Array {
  checkColumns(x, y, z);
  const n = x.length;
  const order = lexicographicOrder([z, y, x], scratchUint32('sweep order', n));
  const ranks = new Uint32Array(n);
  const fronts: Steps[] = [];
  let previous = -1;
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    const xi = x[i] as number;
    const yi = y[i] as number;
    if (previous >= 0 && xi === x[previous] && yi === y[previous] && z[i] === z[previous]) {
      ranks[i] = ranks[previous] as number;
      continue;
    }
    previous = i;
    let low = 0;
    let high = fronts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((fronts[middle] as Steps).reachUnder(xi, yi)) low = middle + 1;
      else high = middle;
    }
    const front = fronts[low] ?? new Steps();
    if (low === fronts.length) fronts.push(front);
    front.add(xi, yi);
    ranks[i] = low;
  }
  return ranks;
}

/** A staircase in arrays that grow: ascending x, descending y. */
class Steps {
  private x = new Float64Array(16);
  private y = new Float64Array(16);
  private count = 0;

  /** Whether a step is at least as low in both. */
  reachUnder(x: number, y: number): boolean {
    const at = this.firstBeyond(x);
    return at > 0 && (this.y[at - 1] as number) <= y;
  }

  /** Adds a step that none reaches under, and drops those that it reaches under. */
  add(x: number, y: number): void {
    let from = this.firstBeyond(x);
    if (from > 0 && this.x[from - 1] === x) from--;
    let to = from;
    while (to < this.count && (this.y[to] as number) >= y) to++;
    if (to === from && this.count === this.x.length) this.grow();
    if (to !== from + 1) {
      this.x.copyWithin(from + 1, to, this.count);
      this.y.copyWithin(from + 1, to, this.count);
      this.count += from + 1 - to;
    }
    this.x[from] = x;
    this.y[from] = y;
  }

  private firstBeyond(x: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.x[middle] as number) <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const [x, y] = [this.x, this.y];
    this.x = new Float64Array(2 * x.length);
    this.y = new Float64Array(2 * y.length);
    this.x.set(x);
    this.y.set(y);
  }
}
