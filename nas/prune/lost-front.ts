import {
  distinctPoints,
  hypervolume2d,
  invertedGenerationalDistancePlus,
  nonDominated2d,
  normalisationBy,
  normalised,
  type Points,
} from '../pareto/index.js';
import type { Evaluated } from '../search/sampler.js';
import { isKept, type KeptChoices } from '../space/index.js';

/** What pruning would lose of a known frontier. */
export interface LostFront {
  /** Members of the frontier outside of what is kept. */
  readonly points: number;
  readonly of: number;
  /** IGD⁺ of the best that is kept against the frontier; null where that is not known or nothing is kept. */
  readonly igdPlus: number | null;
  /** Hypervolume of the best that is kept ÷ the frontier's, within (1.1, 1.1); null where that is not known. */
  readonly hypervolumeRatio: number | null;
}

/**
 * Compares a frontier (that of a full table, or of the trials so far) with what `kept` leaves of it. With `all`, the networks
 * that it is the frontier of, also how near the best of the kept ones come to it. Both measures are normalised by the
 * frontier's ideal and nadir. Of an empty frontier nothing is lost.
 */
export function lostFront(
  front: readonly Evaluated[],
  kept: KeptChoices,
  all?: readonly Evaluated[],
): LostFront {
  const points = front.filter(({ encoding }) => !isKept(kept, encoding)).length;
  const nothing = { points, of: front.length, igdPlus: null, hypervolumeRatio: null };
  if (all === undefined || front.length === 0) return nothing;
  const reference = objectivesOf(front);
  const unit = normalisationBy(reference);
  const wanted = normalised(distinctPoints(reference), unit);
  const best = normalised(frontPoints(all.filter(({ encoding }) => isKept(kept, encoding))), unit);
  if (best.length === 0) return { ...nothing, hypervolumeRatio: 0 };
  return {
    points,
    of: front.length,
    igdPlus: invertedGenerationalDistancePlus(best, wanted),
    hypervolumeRatio: volume(best) / volume(wanted),
  };
}

function objectivesOf(networks: readonly Evaluated[]): Points {
  return networks.map(({ error, latencyMs }) => [error, latencyMs]);
}

function frontPoints(networks: readonly Evaluated[]): Points {
  const indices = nonDominated2d(
    Float64Array.from(networks, ({ error }) => error),
    Float64Array.from(networks, ({ latencyMs }) => latencyMs),
  );
  return distinctPoints(objectivesOf(Array.from(indices, (i) => networks[i] as Evaluated)));
}

function volume(points: Points): number {
  const column = (at: number): Float64Array => Float64Array.from(points, (point) => point[at] as number);
  return hypervolume2d(column(0), column(1), 1.1, 1.1);
}
