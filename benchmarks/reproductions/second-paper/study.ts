import { enumerateEncodings, isKept, type Encoding } from '@espalier/nas/space';
import { mean, midRanks, spearman, standardDeviation } from '@espalier/nas/stats';
import type { TabulatedSpace } from '../../science/tabulated.js';
import type { AdviceResult } from './advice.js';
import { claimsOf, type ClaimResult } from './claims.js';
import { INDICATORS, Judge, type Indicator } from './quality.js';
import { COLUMNS, runTreatment, type Run } from './run.js';
import { dependsOnSeed, keptBy, TREATMENTS, treatmentName, type Rule, type Treatment } from './treatments.js';

/** Mean and standard deviation over seeds. */
export interface Spread {
  readonly mean: number;
  readonly sd: number;
}

export interface ColumnResult extends Readonly<Record<Indicator | 'populationGd', Spread>> {
  readonly evolutions: number;
}

/** What a search in what a treatment leaves could find at best, means over seeds. */
export interface Floor {
  readonly networks: number;
  /** How much of the true front is left, 0 to 1. */
  readonly frontKept: number;
  readonly gd: number;
  readonly igdPlus: number;
}

export interface TreatmentResult {
  readonly rule: Rule | null;
  readonly ratio: number;
  readonly floor: Floor;
  readonly columns: readonly ColumnResult[];
  readonly meanError: Spread;
  readonly meanLatencyMs: Spread;
}

/** Order of all treatments after 3000 evolutions by mean GD and by mean IGD⁺: 1 is best. */
export interface Ranking {
  readonly spearman: number;
  readonly ranks: readonly { readonly treatment: string; readonly gd: number; readonly igdPlus: number }[];
}

export interface TableResult {
  readonly space: string;
  readonly target: string;
  readonly networks: number;
  readonly frontSize: number;
  readonly remark: string | null;
  readonly treatments: readonly TreatmentResult[];
  readonly claims: readonly ClaimResult[];
  readonly ranking: Ranking;
}

/** Beside the study: what pilots say of the table beforehand. */
export interface AdvisedResult extends TableResult {
  readonly advice: readonly AdviceResult[];
}

/** `fashion-mobile / cpu-1t`. */
export const tableName = ({ space, target }: Pick<TableResult, 'space' | 'target'>): string =>
  `${space} / ${target}`;

/** Every treatment on one table, with seeds 0 to `seeds` − 1. */
export function studyOf(tabulated: TabulatedSpace, seeds: number): TableResult {
  const judge = new Judge(tabulated);
  const numbers = Array.from({ length: seeds }, (_, seed) => seed);
  const encodings = [...enumerateEncodings(tabulated.space)];
  const all = judge.frontOf(Uint32Array.from(encodings.keys()));
  const whole: Whole = { encodings, front: encodings.filter((_, index) => all.includes(index)) };
  const runs = new Map<string, readonly Run[]>();
  const treatments = TREATMENTS.map((treatment): TreatmentResult => {
    const found = numbers.map((seed) => runTreatment(treatment, tabulated, judge, seed));
    runs.set(treatmentName(treatment), found);
    return resultOf(treatment, found, floorOf(treatment, tabulated, judge, whole, numbers));
  });
  return {
    space: tabulated.space.name,
    target: tabulated.target,
    networks: tabulated.table.error.length,
    frontSize: tabulated.front.length,
    remark: tabulated.remark,
    treatments,
    claims: claimsOf((treatment) => runs.get(treatmentName(treatment)) ?? []),
    ranking: rankingOf(treatments),
  };
}

function resultOf({ rule, ratio }: Treatment, runs: readonly Run[], floor: Floor): TreatmentResult {
  const over = (of: (run: Run) => number): Spread => {
    const values = runs.map(of).filter((value) => !Number.isNaN(value));
    return { mean: mean(values), sd: standardDeviation(values) };
  };
  const columns = COLUMNS.map((evolutions, at): ColumnResult => {
    const [gd, gdPlus, igdPlus, hypervolumeRatio] = INDICATORS.map((indicator) =>
      over(({ archive }) => archive[at]?.[indicator] ?? NaN),
    ) as [Spread, Spread, Spread, Spread];
    const populationGd = over((run) => run.populationGd[at] ?? NaN);
    return { evolutions, gd, gdPlus, igdPlus, hypervolumeRatio, populationGd };
  });
  const [meanError, meanLatencyMs] = [over((run) => run.meanError), over((run) => run.meanLatencyMs)];
  return { rule, ratio, floor, columns, meanError, meanLatencyMs };
}

/** All networks in the order of the table, and those that none dominates. */
interface Whole {
  readonly encodings: readonly Encoding[];
  readonly front: readonly Encoding[];
}

function floorOf(
  treatment: Treatment,
  tabulated: TabulatedSpace,
  judge: Judge,
  { encodings, front }: Whole,
  seeds: readonly number[],
): Floor {
  const floors = (dependsOnSeed(treatment) ? seeds : [0]).map((seed) => {
    const kept = keptBy(treatment, tabulated, seed);
    const left = encodings.flatMap((encoding, index) => (isKept(kept, encoding) ? [index] : []));
    const { gd, igdPlus } = judge.qualityOf(judge.frontOf(Uint32Array.from(left)));
    const frontKept = mean(front.map((encoding) => Number(isKept(kept, encoding))));
    return { networks: left.length, frontKept, gd, igdPlus };
  });
  const average = (of: (floor: Floor) => number): number => mean(floors.map(of));
  return {
    networks: average(({ networks }) => networks),
    frontKept: average(({ frontKept }) => frontKept),
    gd: average(({ gd }) => gd),
    igdPlus: average(({ igdPlus }) => igdPlus),
  };
}

function rankingOf(treatments: readonly TreatmentResult[]): Ranking {
  const last = (indicator: 'gd' | 'igdPlus'): number[] =>
    treatments.map(({ columns }) => columns.at(-1)?.[indicator].mean ?? NaN);
  const [gd, igdPlus] = [midRanks(last('gd')), midRanks(last('igdPlus'))];
  return {
    spearman: spearman(gd, igdPlus),
    ranks: treatments.map((treatment, at) => ({
      treatment: treatmentName(treatment),
      gd: gd[at] ?? NaN,
      igdPlus: igdPlus[at] ?? NaN,
    })),
  };
}
