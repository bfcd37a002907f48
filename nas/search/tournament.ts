import type { Random } from '../stats/index.js';

/**
 * The member of a tournament that becomes the parent: best by non-domination rank within the tournament, then by larger
 * crowding distance, then by lot. Of two objectives the greatest distance is that of a front's two ends, so that one pass
 * over the `size` first entries of `members` (indices into `error` and `latency`) finds the candidates; no allocation.
 */
export function tournamentWinner(
  members: Uint16Array,
  size: number,
  error: Float64Array,
  latency: Float64Array,
  random: Random,
): number {
  let leastError = members[0] as number;
  let leastLatency = leastError;
  for (let at = 1; at < size; at++) {
    const i = members[at] as number;
    const e = error[i] as number;
    const l = latency[i] as number;
    const bestE = error[leastError] as number;
    if (e < bestE || (e === bestE && l < (latency[leastError] as number))) leastError = i;
    const bestL = latency[leastLatency] as number;
    if (l < bestL || (l === bestL && e < (error[leastLatency] as number))) leastLatency = i;
  }
  const oneEnd = same(leastError, leastLatency, error, latency);
  return oneEnd
    ? anyEqual(leastError, members, size, error, latency, random)
    : eitherEnd(leastError, leastLatency, members, size, error, latency, random);
}

/** One point is the whole front: its copies have the same distance. */
function anyEqual(
  best: number,
  members: Uint16Array,
  size: number,
  error: Float64Array,
  latency: Float64Array,
  random: Random,
): number {
  let copies = 0;
  for (let at = 0; at < size; at++) if (same(members[at] as number, best, error, latency)) copies++;
  let skip = copies === 1 ? 0 : random.int(copies);
  for (let at = 0; at < size; at++) {
    const i = members[at] as number;
    if (same(i, best, error, latency) && skip-- === 0) return i;
  }
  return best;
}

/** The first and the last copy of each end are infinitely distant (stable sorting by either objective). */
function eitherEnd(
  leastError: number,
  leastLatency: number,
  members: Uint16Array,
  size: number,
  error: Float64Array,
  latency: Float64Array,
  random: Random,
): number {
  let lastError = leastError;
  let lastLatency = leastLatency;
  for (let at = 0; at < size; at++) {
    const i = members[at] as number;
    if (same(i, leastError, error, latency)) lastError = i;
    if (same(i, leastLatency, error, latency)) lastLatency = i;
  }
  const errorEnds = lastError === leastError ? 1 : 2;
  const latencyEnds = lastLatency === leastLatency ? 1 : 2;
  const drawn = random.int(errorEnds + latencyEnds);
  if (drawn < errorEnds) return drawn === 0 ? leastError : lastError;
  return drawn === errorEnds ? leastLatency : lastLatency;
}

function same(i: number, j: number, error: Float64Array, latency: Float64Array): boolean {
  return error[i] === error[j] && latency[i] === latency[j];
}
