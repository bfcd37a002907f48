/**
 * Ranks and crowding distances of a population under limits, in arrays that are used again for each generation
 * (Deb et al. 2002, NSGA-II): feasible members by non-domination of (error, latency), then infeasible ones by violation, equal
 * ones sharing a rank, then copies of a genome that is there already. The crowding of a front is that of `crowdingDistances`; of
 * infeasible members and copies it is 0. `rankingPlain` is the definition.
 */
export class Ranking {
  readonly rank: Uint32Array;
  readonly crowding: Float64Array;
  /** Members of each rank. */
  readonly sizes: Uint32Array;
  ranks = 0;
  /** Ranks of feasible members that are no copies: the first of all ranks. */
  fronts = 0;
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  /** The member after this one in its front, by ascending error. */
  private readonly next: Int32Array;
  private readonly lastLatency: Float64Array;
  private readonly infeasible: Uint32Array;

  constructor(
    capacity: number,
    private readonly error: Float64Array,
    private readonly latency: Float64Array,
    private readonly violation: Float64Array,
  ) {
    this.rank = new Uint32Array(capacity);
    this.crowding = new Float64Array(capacity);
    this.sizes = new Uint32Array(capacity + 1);
    this.first = new Int32Array(capacity + 1);
    this.last = new Int32Array(capacity + 1);
    this.next = new Int32Array(capacity);
    this.lastLatency = new Float64Array(capacity + 1);
    this.infeasible = new Uint32Array(capacity);
  }

  /** Ranks the first `count` members of `order`: by ascending error, then latency, then age. */
  assign(order: Uint16Array, count: number, isCopy: Uint8Array): void {
    const { error, latency, violation, rank, next, lastLatency, sizes } = this;
    let fronts = 0;
    let outside = 0;
    let copies = 0;
    let previous = -1;
    for (let at = 0; at < count; at++) {
      const i = order[at] as number;
      if (isCopy[i] === 1) {
        copies++;
        continue;
      }
      if ((violation[i] as number) > 0) {
        this.infeasible[outside++] = i;
        continue;
      }
      const y = latency[i] as number;
      let front: number;
      if (previous >= 0 && y === latency[previous] && error[i] === error[previous])
        front = rank[previous] as number;
      else {
        front = 0;
        let high = fronts;
        while (front < high) {
          const middle = (front + high) >>> 1;
          if ((lastLatency[middle] as number) <= y) front = middle + 1;
          else high = middle;
        }
      }
      if (front === fronts) {
        fronts++;
        sizes[front] = 0;
        this.first[front] = i;
      } else next[this.last[front] as number] = i;
      this.last[front] = i;
      next[i] = -1;
      lastLatency[front] = y;
      rank[i] = front;
      sizes[front] = (sizes[front] as number) + 1;
      previous = i;
    }
    this.ranks = fronts;
    this.fronts = fronts;
    for (let front = 0; front < fronts; front++) this.spread(front);
    if (outside > 0) this.assignInfeasible(outside);
    if (copies > 0) this.assignCopies(order, count, isCopy, copies);
  }

  /** Forgets the last rank, whose members have gone. */
  dropLastRank(): void {
    this.ranks--;
    if (this.fronts > this.ranks) this.fronts = this.ranks;
  }

  /** Crowding along one front; equal members are neighbours in the order of age for either objective. */
  private spread(front: number): void {
    const { error, latency, crowding, next } = this;
    const head = this.first[front] as number;
    const tail = this.last[front] as number;
    if ((this.sizes[front] as number) <= 2) {
      crowding[head] = Infinity;
      crowding[tail] = Infinity;
      return;
    }
    // One point and its copies have no range in either objective; different points of a front have one in both.
    const isSpread = error[head] !== error[tail];
    const rangeX = (error[tail] as number) - (error[head] as number);
    const rangeY = (latency[head] as number) - (latency[tail] as number);
    let leftX = error[head] as number;
    let leftY = latency[head] as number;
    let isFirstOfGroup = true;
    for (let i = head; i >= 0;) {
      const x = error[i] as number;
      const y = latency[i] as number;
      const right = next[i] as number;
      const rightX = right < 0 ? x : (error[right] as number);
      const isLastOfGroup = right < 0 || rightX !== x;
      let distance = 0;
      if (isSpread) {
        if (i === head || right < 0) distance = Infinity;
        else if (rangeX < Infinity) distance = (rightX - leftX) / rangeX;
        distance += this.alongLatency(i, isFirstOfGroup, isLastOfGroup, leftY, y, rangeY);
      }
      crowding[i] = distance;
      if (isLastOfGroup) leftY = y;
      leftX = x;
      isFirstOfGroup = isLastOfGroup;
      i = right;
    }
  }

  /** The gap between the neighbours by latency, of the range: `leftY` is that of the group before, which is above. */
  private alongLatency(
    i: number,
    isFirst: boolean,
    isLast: boolean,
    leftY: number,
    y: number,
    range: number,
  ): number {
    const isTopGroup = y === leftY;
    const below = isFirst ? this.latencyOfNextGroup(i) : y;
    if ((isTopGroup && isLast) || (isFirst && Number.isNaN(below))) return Infinity;
    return range < Infinity ? ((isLast ? leftY : y) - below) / range : 0;
  }

  /** NaN after the last group. */
  private latencyOfNextGroup(i: number): number {
    const y = this.latency[i] as number;
    let at = this.next[i] as number;
    while (at >= 0 && this.latency[at] === y) at = this.next[at] as number;
    return at < 0 ? NaN : (this.latency[at] as number);
  }

  private assignInfeasible(count: number): void {
    const { violation, infeasible } = this;
    const members = infeasible.subarray(0, count).sort((i, j) => {
      const difference = (violation[i] as number) - (violation[j] as number);
      return difference < 0 ? -1 : difference > 0 ? 1 : i - j;
    });
    let last = NaN;
    for (const i of members) {
      const value = violation[i] as number;
      if (value !== last) this.sizes[this.ranks++] = 0;
      last = value;
      this.put(i, this.ranks - 1);
    }
  }

  private assignCopies(order: Uint16Array, count: number, isCopy: Uint8Array, copies: number): void {
    const rank = this.ranks++;
    this.sizes[rank] = 0;
    for (let at = 0; at < count && copies > 0; at++) {
      const i = order[at] as number;
      if (isCopy[i] === 1) this.put(i, rank);
    }
  }

  private put(i: number, rank: number): void {
    this.rank[i] = rank;
    this.crowding[i] = 0;
    this.sizes[rank] = (this.sizes[rank] as number) + 1;
  }
}
