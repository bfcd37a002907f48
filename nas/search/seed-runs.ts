import { nsga2, type Nsga2Settings } from './nsga2.js';
import {
  regularizedEvolution,
  type EvolutionSampler,
  type EvolutionSettings,
} from './regularized-evolution.js';
import { runTableSearch, tableTrials, type ObjectiveTable } from './table.js';

/** A search over a table, as it can be told to another thread. */
export type SeedRun = { readonly evaluations: number } & (
  | { readonly sampler: 'regularized-evolution'; readonly settings: EvolutionSettings }
  | { readonly sampler: 'nsga2'; readonly settings: Omit<Nsga2Settings, 'limits'> }
);

/** Runs searches elsewhere, one after another: a worker thread that holds the table. Answers as `runSeed` does. */
export type SeedThread = (run: SeedRun) => Promise<Uint32Array>;

/** What the search evaluated, in order: places in the table. */
export function runSeed(table: ObjectiveTable, run: SeedRun): Uint32Array {
  const trials = tableTrials(run.evaluations);
  runTableSearch(samplerOf(table, run), table, trials, run.evaluations);
  return trials.indices;
}

/**
 * Runs searches on several threads, each taking the next one when it is free. The results stand in the order of `runs` and are
 * those of `runSeed`, whichever thread ran what. Rejects with the first failure; what then still runs is left to its thread.
 */
export async function runSeeds(
  runs: readonly SeedRun[],
  threads: readonly SeedThread[],
): Promise<readonly Uint32Array[]> {
  if (threads.length === 0) throw new RangeError('searches need at least one thread');
  const results = new Array<Uint32Array>(runs.length);
  let next = 0;
  const work = async (thread: SeedThread): Promise<void> => {
    for (let at = next++; at < runs.length; at = next++) results[at] = await thread(runs[at] as SeedRun);
  };
  await Promise.all(threads.map(work));
  return results;
}

/** The same table in memory that threads share: sent to any number of them it is there once. */
export function sharedTable({ space, error, latencyMs }: ObjectiveTable): ObjectiveTable {
  return { space, error: shared(error), latencyMs: shared(latencyMs) };
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function samplerOf({ space }: ObjectiveTable, run: SeedRun): EvolutionSampler {
  switch (run.sampler) {
    case 'regularized-evolution':
      return regularizedEvolution(space, run.settings);
    case 'nsga2':
      return nsga2(space, run.settings);
  }
}
