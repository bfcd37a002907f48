import { pruneByBlockEffect, shrunkenEffects } from '@espalier/nas/prune';
import {
  convergence,
  evaluationsToTarget,
  progressiveUnpruning,
  regularizedEvolution,
  runSearch,
  type Evaluated,
  type Sampler,
} from '@espalier/nas/search';
import { choiceMeasure, isKept, sampleByChoices } from '@espalier/nas/space';
import { createRandom, median } from '@espalier/nas/stats';
import type { Figure } from './figure.js';
import type { UnpruningTask } from './unpruning-tasks.js';

const COLUMNS: readonly number[] = [10, 100, 250, 500, 1000, 3000];
const PROFILED = 135;

/**
 * `pruning.progressive/SPACE/INDICATOR`: the indicator of progressive un-pruning ÷ that of the best fixed ratio, at the worst
 * column of 10, 100, 250, 500, 1000 and 3000 evaluations; medians of 30 seeds. Fixed ratios are 0, 50, 70 and 90 % by block effect,
 * searched by regularized evolution. All that prune begin with the same 135 random networks, others for each seed, and columns
 * count what comes after; the full space begins with none. `pruning.progressive.end` is the last column ÷ the full space's.
 *
 * `.counted` rows count the 135, too, and progressive un-pruning draws its own 32. So do the rows `pruning.speedup.progressive`:
 * evaluations until the median indicator that the full space's search has at 2000, that search's ÷ those of progressive
 * un-pruning. `.control` rows begin with the whole space: they have all but the pruning.
 */
export function measureProgressive(tasks: readonly UnpruningTask[], seedCount = 30): Figure[] {
  return tasks.flatMap((task) => {
    const runs = runsOf(task, seedCount);
    return INDICATORS.flatMap((indicator) => [
      ...ratios(task, runs, indicator),
      ...speedups(task, runs, indicator),
    ]);
  });
}

/** A seed's evaluations in order, those that it was given first. */
interface Run {
  readonly trials: readonly Evaluated[];
  readonly given: number;
}

/** By treatment, one a seed. */
interface Runs {
  readonly fixed: ReadonlyMap<number, readonly Run[]>;
  readonly progressive: readonly Run[];
  readonly counted: readonly Run[];
  readonly control: readonly Run[];
}

function runsOf(task: UnpruningTask, seedCount: number): Runs {
  const seeds = Array.from({ length: seedCount }, (_, seed) => seed);
  const { space, blockLatencyMs } = task;
  const profiles = seeds.map((seed) => profileOf(task, seed));
  const searched = (sampler: Sampler, given: readonly Evaluated[]): Run => ({
    trials: [...given, ...runSearch(sampler, task.objectives, COLUMNS.at(-1) ?? 0)],
    given: given.length,
  });
  const full = seeds.map((seed) => searched(regularizedEvolution(space, { seed }), []));
  const pruned = [0.5, 0.7, 0.9].map((ratio) => {
    const ofSeeds = seeds.map((seed) => {
      const profiled = profiles[seed] ?? [];
      const { effect } = shrunkenEffects(space, profiled);
      const { kept } = pruneByBlockEffect(space, effect, blockLatencyMs, ratio);
      const initial = profiled.filter(({ encoding }) => isKept(kept, encoding));
      return searched(regularizedEvolution(space, { seed, kept, initial }), profiled);
    });
    return [ratio, ofSeeds] as const;
  });
  const unpruned = (profiled: readonly Evaluated[], seed: number, ratio?: number): Run => {
    const begun = { seed, profiled, blockLatencyMs, ...(ratio === undefined ? {} : { ratio }) };
    return searched(progressiveUnpruning(space, begun), profiled);
  };
  return {
    fixed: new Map([[0, full], ...pruned]),
    progressive: seeds.map((seed) => unpruned(profiles[seed] ?? [], seed)),
    counted: seeds.map((seed) => unpruned([], seed)),
    control: seeds.map((seed) => unpruned([], seed, 0)),
  };
}

/** Random networks, each choice as likely as another. */
function profileOf({ space, objectives }: UnpruningTask, seed: number): readonly Evaluated[] {
  const random = createRandom(1_000_000 + seed);
  const measure = choiceMeasure(space);
  return Array.from({ length: PROFILED }, () => {
    const encoding = sampleByChoices(measure, random);
    return { encoding, ...objectives(encoding) };
  });
}

const INDICATORS = ['igd+', 'gd'] as const;
type Indicator = (typeof INDICATORS)[number];

function ratios(task: UnpruningTask, runs: Runs, indicator: Indicator): Figure[] {
  const { fixed, progressive, counted, control } = runs;
  const row = (name: string, of: readonly Run[], countsAll: boolean): Figure => {
    const rows = [...fixed.values()].map((each) => medians(task, each, indicator, countsAll));
    const ours = medians(task, of, indicator, countsAll);
    const best = COLUMNS.map((_, at) => Math.min(...rows.map((columns) => columns[at] ?? NaN)));
    print(task, name, indicator, [...fixed.keys()], [...rows, ours]);
    return figure(name, Math.max(...ours.map((value, at) => quotient(value, best[at] ?? NaN))));
  };
  const figure = (name: string, value: number): Figure => ({
    name: `pruning.progressive${name}/${task.space.name}/${indicator}`,
    value,
    unit: '×',
    peer: 1,
    ratio: 1 / value,
    n: runs.control.length,
  });
  const last = (of: readonly Run[]): number => medians(task, of, indicator, false).at(-1) ?? NaN;
  return [
    row('', progressive, false),
    row('.counted', counted, true),
    row('.control', control, true),
    figure('.end', quotient(last(progressive), last(fixed.get(0) ?? []))),
  ];
}

/** Both may be 0 where a front is found whole. */
function quotient(value: number, best: number): number {
  return value === best ? 1 : value / best;
}

function medians(
  { front }: UnpruningTask,
  runs: readonly Run[],
  indicator: Indicator,
  countsAll: boolean,
): readonly number[] {
  const values = runs.map(({ trials, given }) =>
    convergence(
      columnsOf(trials),
      front,
      COLUMNS.map((column) => column + (countsAll ? 0 : given)),
    ).map((each) => (indicator === 'gd' ? each.generationalDistance : each.invertedGenerationalDistancePlus)),
  );
  return COLUMNS.map((_, at) => median(values.map((row) => row[at] ?? NaN)));
}

function speedups(task: UnpruningTask, runs: Runs, indicator: Indicator): Figure[] {
  const full = runs.fixed.get(0) ?? [];
  const at2000 = full.map(({ trials }) => {
    const [row] = convergence(columnsOf(trials), task.front, [2000]);
    return indicator === 'gd' ? row?.generationalDistance : row?.invertedGenerationalDistancePlus;
  });
  const target = median(at2000.map((value) => value ?? NaN));
  const needed = (of: readonly Run[]): number =>
    median(
      of.map(
        ({ trials }) => evaluationsToTarget(columnsOf(trials), task.front, target, indicator) ?? Infinity,
      ),
    );
  const peer = indicator === 'gd' ? 10 : 5;
  const base = needed(full);
  return [
    ['.progressive', runs.counted] as const,
    ['.progressive.control', runs.control] as const,
    ['.progressive.135', runs.progressive] as const,
  ].map(([suffix, of]): Figure => {
    const value = base / needed(of);
    const name = `pruning.speedup${suffix}/${task.space.name}/${indicator}`;
    return { name, value, unit: '×', peer, ratio: value / peer, n: runs.control.length };
  });
}

function columnsOf(trials: readonly Evaluated[]): { readonly error: number[]; readonly latencyMs: number[] } {
  return { error: trials.map(({ error }) => error), latencyMs: trials.map(({ latencyMs }) => latencyMs) };
}

/** The medians behind a row, for the page. */
function print(
  { space }: UnpruningTask,
  name: string,
  indicator: Indicator,
  fixedRatios: readonly number[],
  rows: readonly (readonly number[])[],
): void {
  const labels = [...fixedRatios.map((ratio) => `fixed ${String(100 * ratio)} %`), `progressive${name}`];
  console.error(`${space.name}${name} ${indicator}: ${COLUMNS.join(' / ')}`);
  rows.forEach((row, at) => {
    console.error(`  ${labels[at] ?? ''}: ${row.map((value) => value.toFixed(4)).join(' / ')}`);
  });
}
