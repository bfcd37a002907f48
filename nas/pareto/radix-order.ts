const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const MASK = BUCKETS - 1;
/** Where each digit begins: three in each half of a double, the last of either shorter. */
const SHIFTS: readonly number[] = [0, DIGIT_BITS, 2 * DIGIT_BITS];

/**
 * Indices that put the values in ascending order, stable: a radix sort of the bits of the doubles, least digit first, whose
 * time does not depend on how the values are spread. −0 and 0 are equal; no NaN.
 */
export function radixOrder(
  values: Float64Array,
  order: Uint32Array = new Uint32Array(values.length),
): Uint32Array {
  const n = values.length;
  const { low, high } = sortableHalves(values);
  for (let i = 0; i < n; i++) order[i] = i;
  let source: Uint32Array = order;
  let target: Uint32Array = new Uint32Array(n);
  const counts = new Uint32Array(BUCKETS);
  for (const half of [low, high])
    for (const shift of SHIFTS) {
      if (!place(half, shift, source, target, counts)) continue;
      [source, target] = [target, source];
    }
  if (source !== order) order.set(source);
  return order;
}

/** One pass; false, and nothing done, when all values have the same digit. */
function place(
  keys: Uint32Array,
  shift: number,
  order: Uint32Array,
  target: Uint32Array,
  counts: Uint32Array,
): boolean {
  const n = order.length;
  counts.fill(0);
  for (let i = 0; i < n; i++) {
    const digit = ((keys[i] as number) >>> shift) & MASK;
    counts[digit] = (counts[digit] as number) + 1;
  }
  if (n === 0 || counts[((keys[0] as number) >>> shift) & MASK] === n) return false;
  countsToStarts(counts);
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    const digit = ((keys[i] as number) >>> shift) & MASK;
    const to = counts[digit] as number;
    counts[digit] = to + 1;
    target[to] = i;
  }
  return true;
}

/** Turns how many there are of each into where each begins. */
export function countsToStarts(counts: Uint32Array): void {
  let sum = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit] as number;
    counts[digit] = sum;
    sum += count;
  }
}

/** The halves of an unsigned integer per value that is ordered as the values are. */
function sortableHalves(values: Float64Array): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const n = values.length;
  const canonical = new Float64Array(n);
  // Adding 0 turns −0 into 0.
  for (let i = 0; i < n; i++) canonical[i] = (values[i] as number) + 0;
  const words = new Uint32Array(canonical.buffer);
  const lowAt = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const upper = words[2 * i + 1 - lowAt] as number;
    const lower = words[2 * i + lowAt] as number;
    const negative = upper >>> 31 === 1;
    low[i] = negative ? ~lower : lower;
    high[i] = negative ? ~upper : upper ^ 0x8000_0000;
  }
  return { low, high };
}
