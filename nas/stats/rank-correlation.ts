import { mean } from './summary.js';

/**
 * Spearman's ρ: Pearson's correlation of mid-ranks, so ties are counted.
 * NaN below two pairs or when one side is constant; RangeError for different lengths.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assertPaired(x, y);
  return pearson(midRanks(x), midRanks(y));
}

/**
 * Kendall's τ-b (Kendall 1945), adjusted for ties on both sides, in O(n log n) (Knight 1966).
 * NaN below two pairs or when one side is constant; RangeError for different lengths.
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  assertPaired(x, y);
  const n = x.length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => (x[i] as number) - (x[j] as number) || (y[i] as number) - (y[j] as number),
  );
  const xs = Float64Array.from(order, (i) => x[i] as number);
  const ys = Float64Array.from(order, (i) => y[i] as number);
  const tiedX = tiedPairs(n, (i, j) => xs[i] === xs[j]);
  const tiedBoth = tiedPairs(n, (i, j) => xs[i] === xs[j] && ys[i] === ys[j]);
  const discordant = sortCountingInversions(ys);
  const tiedY = tiedPairs(n, (i, j) => ys[i] === ys[j]);
  const pairs = (n * (n - 1)) / 2;
  const concordantLessDiscordant = pairs - tiedX - tiedY + tiedBoth - 2 * discordant;
  return concordantLessDiscordant / Math.sqrt((pairs - tiedX) * (pairs - tiedY));
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => (values[i] as number) - (values[j] as number),
  );
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let at = start; at < end; at++) ranks[order[at] as number] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

function pearson(x: Float64Array, y: Float64Array): number {
  const meanX = mean(x);
  const meanY = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const dx = (x[i] as number) - meanX;
    const dy = (y[i] as number) - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

function tiedPairs(n: number, same: (i: number, j: number) => boolean): number {
  let pairs = 0;
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && same(start, end)) end++;
    pairs += ((end - start) * (end - start - 1)) / 2;
    start = end;
  }
  return pairs;
}

/** Sorts in place by merging and returns how many pairs stood in strictly falling order. */
function sortCountingInversions(values: Float64Array): number {
  let source = values.slice();
  let target = new Float64Array(values.length);
  let inversions = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takeRight =
          left >= middle || (right < end && (source[right] as number) < (source[left] as number));
        if (takeRight) inversions += middle - left;
        target[at] = source[takeRight ? right++ : left++] as number;
      }
    }
    [source, target] = [target, source];
  }
  values.set(source);
  return inversions;
}

function assertPaired(x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length)
    throw new RangeError(`cannot pair ${String(x.length)} values with ${String(y.length)}`);
}
