import type { Objectives } from '../search/sampler.js';

/** What no other is as good as in both objectives or better, fastest first; of equal ones the first. */
export function frontByLatency<T extends Objectives>(networks: readonly T[]): readonly T[] {
  let least = Infinity;
  return networks
    .toSorted((a, b) => a.latencyMs - b.latencyMs || a.error - b.error)
    .filter(({ error }) => {
      const isBetter = error < least;
      if (isBetter) least = error;
      return isBetter;
    });
}
