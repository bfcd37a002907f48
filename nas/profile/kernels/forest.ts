import { createRandom, type Random } from '../../stats/index.js';

/**
 * Random forest regression (Breiman 2001): trees on bootstrap samples, split where the squared error falls most among some
 * features drawn at each node. Written here as the libraries at hand keep trees as objects: this one fits a few hundred rows in
 * milliseconds, is the same for the same seed on every platform, and is stored as flat lists.
 */
export interface ForestOptions {
  readonly trees: number;
  readonly depth: number;
  /** Features drawn at each split; all of them when there are fewer. */
  readonly featuresPerSplit: number;
  /** Fewest rows in a leaf. */
  readonly leaf: number;
  readonly seed: number;
}

/** Trees in one list of nodes; a leaf's `feature` is −1 and its `value` the mean of its rows. */
export interface Forest {
  /** Index of the root of each tree. */
  readonly roots: readonly number[];
  readonly feature: readonly number[];
  /** A split's threshold: rows at or below it go to the next node, others to `right`. A leaf's mean. */
  readonly value: readonly number[];
  readonly right: readonly number[];
}

/** `rows` are rows × width, row-major. RangeError without rows. */
export function fitForest(
  rows: Float64Array,
  width: number,
  targets: Float64Array,
  options: ForestOptions,
): Forest {
  if (targets.length === 0 || rows.length !== targets.length * width)
    throw new RangeError(`cannot fit ${String(targets.length)} targets to ${String(rows.length)} numbers`);
  const random = createRandom(options.seed);
  const growing: Growing = { rows, width, targets, options, random, feature: [], value: [], right: [] };
  const roots = Array.from({ length: options.trees }, () => {
    const sample = Int32Array.from(targets, () => random.int(targets.length));
    return grow(growing, sample, options.depth);
  });
  const { feature, value, right } = growing;
  return { roots, feature, value, right };
}

export function predictForest({ roots, feature, value, right }: Forest, row: ArrayLike<number>): number {
  let sum = 0;
  for (const root of roots) {
    let node = root;
    for (let column = feature[node] as number; column >= 0; column = feature[node] as number)
      node = (row[column] as number) <= (value[node] as number) ? node + 1 : (right[node] as number);
    sum += value[node] as number;
  }
  return sum / roots.length;
}

interface Growing {
  readonly rows: Float64Array;
  readonly width: number;
  readonly targets: Float64Array;
  readonly options: ForestOptions;
  readonly random: Random;
  readonly feature: number[];
  readonly value: number[];
  readonly right: number[];
}

/** Appends the tree of a sample, its left side right after its root, and returns the root's index. */
function grow(growing: Growing, sample: Int32Array, depth: number): number {
  const { feature, value, right } = growing;
  const node = feature.length;
  let sum = 0;
  for (const row of sample) sum += growing.targets[row] as number;
  feature.push(-1);
  value.push(sum / sample.length);
  right.push(0);
  if (depth === 0 || sample.length < 2 * growing.options.leaf) return node;
  const split = bestSplit(growing, sample);
  if (split === null) return node;
  const goesLeft = (row: number): boolean =>
    (growing.rows[row * growing.width + split.feature] as number) <= split.threshold;
  feature[node] = split.feature;
  value[node] = split.threshold;
  grow(growing, sample.filter(goesLeft), depth - 1);
  right[node] = grow(
    growing,
    sample.filter((row) => !goesLeft(row)),
    depth - 1,
  );
  return node;
}

interface Split {
  readonly feature: number;
  readonly threshold: number;
}

/** Null when no feature differs among the rows, or none of the splits helps. */
function bestSplit({ rows, width, targets, options, random }: Growing, sample: Int32Array): Split | null {
  let total = 0;
  for (const row of sample) total += targets[row] as number;
  let best: Split | null = null;
  // Maximising the sum of squared sums over counts is minimising the squared error.
  let bestGain = (total * total) / sample.length + 1e-12;
  let tried = 0;
  for (const feature of permutation(width, random)) {
    if (tried === options.featuresPerSplit) break;
    const at = (row: number): number => rows[row * width + feature] as number;
    const order = sample.slice().sort((a, b) => at(a) - at(b));
    if (at(order[0] as number) === at(order[order.length - 1] as number)) continue;
    tried++;
    let left = 0;
    for (let count = 1; count < order.length; count++) {
      const before = order[count - 1] as number;
      left += targets[before] as number;
      const [low, high] = [at(before), at(order[count] as number)];
      if (low === high || count < options.leaf || order.length - count < options.leaf) continue;
      const gain = (left * left) / count + (total - left) ** 2 / (order.length - count);
      if (gain <= bestGain) continue;
      bestGain = gain;
      const middle = (low + high) / 2;
      best = { feature, threshold: middle < high ? middle : low };
    }
  }
  return best;
}

function permutation(length: number, random: Random): readonly number[] {
  const order = Array.from({ length }, (_, at) => at);
  for (let at = 0; at < length - 1; at++) {
    const other = at + random.int(length - at);
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}
