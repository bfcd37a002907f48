import type { Random } from './random.js';

/** A uniformly shuffled copy (Fisher and Yates, Durstenfeld 1964); `values` stays as it is. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return sampleWithoutReplacement(values, values.length, random);
}

/**
 * `count` different members of `values` in random order, every subset equally likely.
 * Throws RangeError unless 0 ≤ count ≤ values.length.
 */
export function sampleWithoutReplacement<T>(values: readonly T[], count: number, random: Random): T[] {
  if (!Number.isInteger(count) || count < 0 || count > values.length)
    throw new RangeError(`cannot draw ${String(count)} of ${String(values.length)} without replacement`);
  const pool = [...values];
  for (let at = 0; at < count; at++) {
    const from = at + random.int(pool.length - at);
    const taken = pool[from] as T;
    pool[from] = pool[at] as T;
    pool[at] = taken;
  }
  pool.length = count;
  return pool;
}
