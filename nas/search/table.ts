import { positionsOf, spaceSize, type SearchSpace } from '../space/index.js';
import { SearchError } from './error.js';
import { placesInGrid } from './grid.js';
import type { EvolutionSampler } from './regularized-evolution.js';

/** Objectives of every network of a space, in the order of `encodingIndex`: percent and milliseconds. */
export interface ObjectiveTable {
  readonly space: SearchSpace;
  readonly error: Float64Array;
  readonly latencyMs: Float64Array;
}

/** What was evaluated, in order: places in the table. */
export interface TableTrials {
  readonly indices: Uint32Array;
  count: number;
}

/** Room for `capacity` trials. */
export function tableTrials(capacity: number): TableTrials {
  return { indices: new Uint32Array(capacity), count: 0 };
}

/**
 * Checks the lengths against the space; SearchError SEARCH_INVALID_SETTINGS when they differ and for a space with constraints
 * that is too large to be tabulated.
 */
export function objectiveTable(
  space: SearchSpace,
  error: Float64Array,
  latencyMs: Float64Array,
): ObjectiveTable {
  placesInGrid(space);
  const size = Number(spaceSize(space));
  if (error.length !== size || latencyMs.length !== size)
    throw new SearchError(
      'SEARCH_INVALID_SETTINGS',
      `${space.name} has ${String(size)} networks; got ${String(error.length)} errors and ${String(latencyMs.length)} latencies`,
    );
  return { space, error, latencyMs };
}

/**
 * Latency of every network as the sum over layers of its block's latency plus what is fixed, in milliseconds, in the order of
 * `encodingIndex`. `blockLatencyMs[layer][choice]`.
 */
export function additiveLatency(
  space: SearchSpace,
  blockLatencyMs: readonly (readonly number[])[],
  fixedMs = 0,
): Float64Array {
  let sums = Float64Array.of(fixedMs);
  positionsOf(space).forEach((layer, at) => {
    const count = layer.choices.length;
    const next = new Float64Array(sums.length * count);
    for (let i = 0; i < next.length; i++)
      next[i] = (sums[Math.floor(i / count)] as number) + (blockLatencyMs[at]?.[i % count] ?? NaN);
    sums = next;
  });
  const places = placesInGrid(space);
  if (places === null) return sums;
  const ofNetworks = new Float64Array(Number(spaceSize(space)));
  places.forEach((place, at) => {
    if (place >= 0) ofNetworks[place] = sums[at] as number;
  });
  return ofNetworks;
}

/**
 * Runs `evaluations` steps against a table and appends to `trials` (SearchError when they do not fit): ask, look up, tell
 * without allocating. Slices of any size give the same run.
 */
export function runTableSearch(
  sampler: EvolutionSampler,
  table: ObjectiveTable,
  trials: TableTrials,
  evaluations: number,
): void {
  if (trials.count + evaluations > trials.indices.length)
    throw new SearchError(
      'SEARCH_INVALID_SETTINGS',
      `${String(evaluations)} more trials do not fit: ${String(trials.count)} of ${String(trials.indices.length)} are taken`,
    );
  const { error, latencyMs } = table;
  const places = placesInGrid(table.space);
  const radix = Uint32Array.from(positionsOf(table.space), (layer) => layer.choices.length);
  const genome = new Uint16Array(radix.length);
  const end = trials.count + evaluations;
  for (let at = trials.count; at < end; at++) {
    sampler.propose(genome);
    let index = 0;
    for (let layer = 0; layer < radix.length; layer++)
      index = index * (radix[layer] as number) + (genome[layer] as number);
    if (places !== null) index = places[index] as number;
    sampler.accept(genome, error[index] as number, latencyMs[index] as number);
    trials.indices[at] = index;
  }
  trials.count = end;
}
