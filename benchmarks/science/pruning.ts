import type { Points } from '@espalier/nas/pareto';
import { predictedFront, pruneByBlockEffect, shrunkenEffects } from '@espalier/nas/prune';
import {
  convergence,
  evaluationsToTarget,
  regularizedEvolution,
  repruningEvolution,
  runSearch,
  runTableSearch,
  tableTrials,
  type Evaluated,
  type EvolutionSettings,
  type ObjectiveTable,
  type TargetIndicator,
} from '@espalier/nas/search';
import { encodingIndex, isKept, sampleEncoding, type Encoding } from '@espalier/nas/space';
import { createRandom, median } from '@espalier/nas/stats';
import type { Figure } from './figure.js';
import { fashionTable } from './fashion-tables.js';
import type { SpaceLatency } from './latencies.js';

const SEEDS = 30;
const PROFILED = 135;
const BUDGET = 6000;

/**
 * `pruning.speedup`: evaluations until the unpruned search has the indicator that its median run has at 2000, ÷ those of the
 * space pruned by 70 % through block effects from 135 random networks, other ones for each seed, which count and stay in the
 * archive; medians of 30 seeds. `.seeded` rows also begin the search at the front that the effects predict; `.repruned` rows
 * prune anew after each 100 evaluations, six times in all; `.control` rows do the same but remove
 * nothing, so that what the predicted fronts bring is not taken for the merit of pruning.
 */
export function measurePruning(latencies: readonly SpaceLatency[]): Figure[] {
  return latencies.flatMap((latency) => {
    const { table, front } = fashionTable(latency);
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
    const full = seeds.map((seed) => search(table, { seed }, []));
    const pruned = seeds.map((seed) => prunedSearch(table, latency, seed, false));
    const seeded = seeds.map((seed) => prunedSearch(table, latency, seed, true));
    const repruned = seeds.map((seed) => reprunedSearch(table, latency, seed, 0.7));
    const control = seeds.map((seed) => reprunedSearch(table, latency, seed, 0));
    return (['gd', 'igd+'] as const).flatMap((indicator): Figure[] => {
      const target = median(full.map((indices) => at2000(objectivesOf(table, indices), front, indicator)));
      const needed = (runs: readonly Uint32Array[]): number =>
        median(
          runs.map(
            (indices) =>
              evaluationsToTarget(objectivesOf(table, indices), front, target, indicator) ?? Infinity,
          ),
        );
      const peer = indicator === 'gd' ? 10 : 5;
      const base = needed(full);
      const row = (suffix: string, runs: readonly Uint32Array[]): Figure => {
        const value = base / needed(runs);
        const name = `pruning.speedup${suffix}/${latency.space.name}/${indicator}`;
        return { name, value, unit: '×', peer, ratio: value / peer, n: SEEDS };
      };
      return [row('', pruned), row('.seeded', seeded), row('.repruned', repruned), row('.control', control)];
    });
  });
}

function prunedSearch(
  table: ObjectiveTable,
  { space, blockLatencyMs }: SpaceLatency,
  seed: number,
  seeded: boolean,
): Uint32Array {
  const profiled = profile(table, seed);
  const { effect } = shrunkenEffects(space, profiled);
  const { kept } = pruneByBlockEffect(space, effect, blockLatencyMs, 0.7);
  const initial = profiled.filter(({ encoding }) => isKept(kept, encoding));
  const first = seeded ? predictedFront(space, kept, effect, blockLatencyMs) : [];
  const indices = profiled.map(({ index }) => index);
  return search(table, { seed, kept, initial, first }, indices);
}

function reprunedSearch(
  table: ObjectiveTable,
  { blockLatencyMs }: SpaceLatency,
  seed: number,
  ratio: number,
): Uint32Array {
  const profiled = profile(table, seed);
  const sampler = repruningEvolution(table.space, { seed, profiled, blockLatencyMs, ratio });
  const trials = runSearch(sampler, (encoding) => evaluated(table, encoding), BUDGET - PROFILED);
  return Uint32Array.from([...profiled, ...trials], ({ encoding }) => encodingIndex(table.space, encoding));
}

/** Random networks of the root space, evaluated. */
function profile(table: ObjectiveTable, seed: number): readonly (Evaluated & { readonly index: number })[] {
  const random = createRandom(1_000_000 + seed);
  return Array.from({ length: PROFILED }, () => evaluated(table, sampleEncoding(table.space, random)));
}

function evaluated(table: ObjectiveTable, encoding: Encoding): Evaluated & { readonly index: number } {
  const index = encodingIndex(table.space, encoding);
  return { encoding, index, error: table.error[index] ?? NaN, latencyMs: table.latencyMs[index] ?? NaN };
}

/** Places in the table in order of evaluation: `before`, then the search up to the budget. */
function search(table: ObjectiveTable, settings: EvolutionSettings, before: readonly number[]): Uint32Array {
  const trials = tableTrials(BUDGET - before.length);
  runTableSearch(regularizedEvolution(table.space, settings), table, trials, BUDGET - before.length);
  return Uint32Array.from([...before, ...trials.indices]);
}

function objectivesOf(
  table: ObjectiveTable,
  indices: Uint32Array,
): { readonly error: Float64Array; readonly latencyMs: Float64Array } {
  return {
    error: Float64Array.from(indices, (i) => table.error[i] ?? NaN),
    latencyMs: Float64Array.from(indices, (i) => table.latencyMs[i] ?? NaN),
  };
}

function at2000(trials: ReturnType<typeof objectivesOf>, front: Points, indicator: TargetIndicator): number {
  const [row] = convergence(trials, front, [2000]);
  if (row === undefined) return NaN;
  return indicator === 'gd' ? row.generationalDistance : row.invertedGenerationalDistancePlus;
}
