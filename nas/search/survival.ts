import type { Random } from '../stats/index.js';
import type { Ranking } from './ranking.js';

/**
 * Marks who survives in `lives` (1, in order of age): whole ranks while they fit, of the one that does not those of the
 * greatest crowding distance, equal ones by lot (Deb et al. 2002). Without allocation; `survivorsPlain` is its oracle.
 */
export function markSurvivors(
  { rank, crowding, sizes }: Ranking,
  count: number,
  keep: number,
  lives: Uint8Array,
  scratch: Float64Array,
  random: Random,
): void {
  let split = 0;
  let room = keep;
  while (room > 0 && (sizes[split] as number) <= room) room -= sizes[split++] as number;
  let cut = Infinity;
  let tied = 0;
  let wanted = 0;
  if (room > 0) {
    let size = 0;
    for (let i = 0; i < count; i++) if (rank[i] === split) scratch[size++] = crowding[i] as number;
    cut = nthLargest(scratch, size, room);
    wanted = room;
    for (let at = 0; at < size; at++) {
      const value = scratch[at] as number;
      if (value > cut) wanted--;
      else if (value === cut) tied++;
    }
  }
  for (let i = 0; i < count; i++) {
    const r = rank[i] as number;
    let isTaken = r < split;
    if (r === split && room > 0) {
      const value = crowding[i] as number;
      isTaken = value > cut;
      if (value === cut) {
        isTaken = wanted === tied || (wanted > 0 && random.int(tied) < wanted);
        tied--;
        if (isTaken) wanted--;
      }
    }
    lives[i] = isTaken ? 1 : 0;
  }
}

/** The n-th largest of the first `size` values (Hoare 1961), which it reorders; n from 1. */
function nthLargest(values: Float64Array, size: number, n: number): number {
  if (n === size) return least(values, size);
  let from = 0;
  let to = size - 1;
  const wanted = n - 1;
  while (from < to) {
    const pivot = values[(from + to) >>> 1] as number;
    let left = from;
    let right = to;
    while (left <= right) {
      while ((values[left] as number) > pivot) left++;
      while ((values[right] as number) < pivot) right--;
      if (left > right) break;
      const swapped = values[left] as number;
      values[left++] = values[right] as number;
      values[right--] = swapped;
    }
    if (wanted <= right) to = right;
    else if (wanted >= left) from = left;
    else break;
  }
  return values[wanted] as number;
}

function least(values: Float64Array, size: number): number {
  let low = Infinity;
  for (let at = 0; at < size; at++) if ((values[at] as number) < low) low = values[at] as number;
  return low;
}
