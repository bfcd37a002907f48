/** Handle of a point in a `DynamicFront`. */
export type PointHandle = number;

/**
 * A set of points of two minimised objectives that knows its front while points come and go, dominated ones included: what a
 * removed point hid shows again. A treap (Seidel and Aragon 1996) by (x, y) whose nodes know the least y below them, so that
 * `insert`, `remove` and `isDominated` take O(log n) expected, and `front` O(k log n) for k points. A million points take
 * 40 MB. Deterministic: priorities come from the handles. Handles of removed points are used again.
 */
export class DynamicFront {
  private x = new Float64Array(64);
  private y = new Float64Array(64);
  private leastY = new Float64Array(64);
  private left = new Int32Array(64).fill(-1);
  private right = new Int32Array(64).fill(-1);
  private priority = new Uint32Array(64);
  private readonly free: number[] = [];
  private used = 0;
  private root = -1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Adds a point, equal ones too. RangeError for NaN. */
  insert(x: number, y: number): PointHandle {
    if (Number.isNaN(x) || Number.isNaN(y)) throw new RangeError('a point has an objective NaN');
    const node = this.free.pop() ?? this.grown();
    this.x[node] = x;
    this.y[node] = y;
    this.leastY[node] = y;
    this.left[node] = -1;
    this.right[node] = -1;
    this.priority[node] = scattered(node);
    this.root = this.placed(this.root, node);
    this.count++;
    return node;
  }

  /** RangeError for a handle that holds no point. */
  remove(handle: PointHandle): void {
    const rest = Number.isInteger(handle) ? this.without(this.root, handle) : MISSING;
    if (rest === MISSING) throw new RangeError(`there is no point ${String(handle)}`);
    this.root = rest;
    this.free.push(handle);
    this.count--;
  }

  /** Whether a point is at least as good in both objectives and better in one. */
  isDominated(x: number, y: number): boolean {
    // All with less x, and those of equal x with less y, come before (x, y): one of them dominates unless y is above.
    let best = Infinity;
    let hasLess = false;
    let node = this.root;
    while (node >= 0) {
      if (this.isBefore(node, x, y)) {
        const below = this.left[node] as number;
        best = Math.min(best, this.y[node] as number, below < 0 ? Infinity : (this.leastY[below] as number));
        hasLess = true;
        node = this.right[node] as number;
      } else node = this.left[node] as number;
    }
    return hasLess && best <= y;
  }

  /** Handles of the points that none dominates, by ascending x, then handle. */
  front(): PointHandle[] {
    const found: PointHandle[] = [];
    this.collect(this.root, Infinity, { x: NaN, y: NaN }, found);
    return found;
  }

  /** The objectives of a point. */
  pointOf(handle: PointHandle): readonly [number, number] {
    return [this.x[handle] as number, this.y[handle] as number];
  }

  private collect(
    node: number,
    ceiling: number,
    last: { x: number; y: number },
    found: PointHandle[],
  ): number {
    if (node < 0 || (this.leastY[node] as number) > ceiling) return ceiling;
    // What is as low as the last of the front is dominated by it, or its equal and then right behind it.
    if (found.length > 0 && this.leastY[node] === ceiling && (this.x[node] as number) > last.x)
      return this.collect(this.left[node] as number, ceiling, last, found);
    let lowest = this.collect(this.left[node] as number, ceiling, last, found);
    const x = this.x[node] as number;
    const y = this.y[node] as number;
    if (found.length === 0 || y < lowest || (x === last.x && y === last.y)) {
      found.push(node);
      last.x = x;
      last.y = y;
      lowest = y;
    }
    return this.collect(this.right[node] as number, lowest, last, found);
  }

  private isBefore(node: number, x: number, y: number): boolean {
    const at = this.x[node] as number;
    return at < x || (at === x && (this.y[node] as number) < y);
  }

  /** The tree under `node` with a point more. */
  private placed(node: number, added: number): number {
    if (node < 0) return added;
    if ((this.priority[added] as number) > (this.priority[node] as number)) {
      const [before, after] = this.parted(node, added);
      this.left[added] = before;
      this.right[added] = after;
      this.renew(added);
      return added;
    }
    if (this.comesAfter(added, node)) this.right[node] = this.placed(this.right[node] as number, added);
    else this.left[node] = this.placed(this.left[node] as number, added);
    this.renew(node);
    return node;
  }

  /** The tree under `node` in two: what comes before a point, and the rest. */
  private parted(node: number, by: number): readonly [number, number] {
    if (node < 0) return [-1, -1];
    if (this.comesAfter(by, node)) {
      const [before, after] = this.parted(this.right[node] as number, by);
      this.right[node] = before;
      this.renew(node);
      return [node, after];
    }
    const [before, after] = this.parted(this.left[node] as number, by);
    this.left[node] = after;
    this.renew(node);
    return [before, node];
  }

  /** By x, then y, then handle, so that no two are alike. */
  private comesAfter(one: number, other: number): boolean {
    const x = this.x[one] as number;
    const y = this.y[one] as number;
    const isEqual = this.x[other] === x && this.y[other] === y;
    return isEqual ? one > other : this.isBefore(other, x, y);
  }

  /** The tree under `node` without a point; MISSING when it is not there. */
  private without(node: number, handle: number): number {
    if (node < 0) return MISSING;
    if (node === handle) return this.merged(this.left[node] as number, this.right[node] as number);
    const side = this.comesAfter(handle, node) ? this.right : this.left;
    const rest = this.without(side[node] as number, handle);
    if (rest === MISSING) return MISSING;
    side[node] = rest;
    this.renew(node);
    return node;
  }

  private merged(one: number, two: number): number {
    if (one < 0) return two;
    if (two < 0) return one;
    if ((this.priority[one] as number) > (this.priority[two] as number)) {
      this.right[one] = this.merged(this.right[one] as number, two);
      this.renew(one);
      return one;
    }
    this.left[two] = this.merged(one, this.left[two] as number);
    this.renew(two);
    return two;
  }

  private renew(node: number): void {
    const left = this.left[node] as number;
    const right = this.right[node] as number;
    let least = this.y[node] as number;
    if (left >= 0 && (this.leastY[left] as number) < least) least = this.leastY[left] as number;
    if (right >= 0 && (this.leastY[right] as number) < least) least = this.leastY[right] as number;
    this.leastY[node] = least;
  }

  private grown(): number {
    if (this.used === this.x.length) {
      const doubled = <T extends Float64Array | Int32Array | Uint32Array>(wider: T, old: T): T => {
        wider.set(old);
        return wider;
      };
      const length = 2 * this.used;
      this.x = doubled(new Float64Array(length), this.x);
      this.y = doubled(new Float64Array(length), this.y);
      this.leastY = doubled(new Float64Array(length), this.leastY);
      this.left = doubled(new Int32Array(length), this.left);
      this.right = doubled(new Int32Array(length), this.right);
      this.priority = doubled(new Uint32Array(length), this.priority);
    }
    return this.used++;
  }
}

const MISSING = -2;

/** A fixed scatter of the handles (the finaliser of MurmurHash3, Appleby 2011): as good as random for a treap. */
function scattered(handle: number): number {
  let hash = handle + 0x9e37_79b9;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
