import { regularizedEvolution, runTableSearch, tableTrials } from '@espalier/nas/search';
import { isKept } from '@espalier/nas/space';
import { mean } from '@espalier/nas/stats';
import type { TabulatedSpace } from '../../science/tabulated.js';
import { sampleOf, type Sampled } from './effects.js';
import type { Judge, Quality } from './quality.js';
import { keptBy, type Treatment } from './treatments.js';

/** The paper's evolution: a population of 50 random networks is evolution 0, then a child an evolution. */
export const POPULATION = 50;
const TOURNAMENT = 10;

/** Evolutions at which the paper reports, and 200, which its claim names. */
export const COLUMNS = [10, 100, 200, 250, 500, 1000, 2000, 3000] as const;
export type Column = (typeof COLUMNS)[number];
const LAST = Math.max(...COLUMNS);

/** What one search came to. */
export interface Run {
  /** Of everything evaluated so far, by column. */
  readonly archive: readonly Quality[];
  /** GD of the population of the moment: what the paper's rows, which rise again, may be. */
  readonly populationGd: readonly number[];
  /** Over all networks that it evaluated and whose objectives are known. */
  readonly meanError: number;
  readonly meanLatencyMs: number;
}

/** One search of a pruned space with the budget of the paper; the same seed gives the same run. */
export function runTreatment(
  treatment: Treatment,
  tabulated: TabulatedSpace,
  judge: Judge,
  seed: number,
): Run {
  const indices = evaluatedBy(treatment, tabulated, seed);
  const { table, listed } = tabulated;
  let front: Uint32Array = new Uint32Array();
  let seen = 0;
  const archive: Quality[] = [];
  const populationGd: number[] = [];
  for (const column of COLUMNS) {
    const end = POPULATION + column;
    front = judge.frontOf(Uint32Array.of(...front, ...indices.subarray(seen, end)));
    seen = end;
    archive.push(judge.qualityOf(front));
    // The oldest member leaves: the population is what came last.
    populationGd.push(judge.qualityOf(judge.frontOf(indices.subarray(end - POPULATION, end))).gd);
  }
  const known = listed === null ? indices : indices.filter((index) => listed[index] === 1);
  return {
    archive,
    populationGd,
    meanError: mean(Float64Array.from(known, (i) => table.error[i] ?? NaN)),
    meanLatencyMs: mean(Float64Array.from(known, (i) => table.latencyMs[i] ?? NaN)),
  };
}

/** Places in the table, in the order of evaluation. */
function evaluatedBy(treatment: Treatment, tabulated: TabulatedSpace, seed: number): Uint32Array {
  const kept = keptBy(treatment, tabulated, seed);
  const paid: readonly Sampled[] =
    treatment.rule === 'block effect, 135 paid' ? sampleOf(tabulated, seed) : [];
  const sampler = regularizedEvolution(tabulated.space, {
    seed,
    kept,
    populationSize: POPULATION,
    tournamentSize: TOURNAMENT,
    initial: paid.filter(({ encoding }) => isKept(kept, encoding)),
  });
  const rest = POPULATION + LAST - paid.length;
  const trials = tableTrials(rest);
  runTableSearch(sampler, tabulated.table, trials, rest);
  return Uint32Array.of(...paid.map(({ index }) => index), ...trials.indices);
}
