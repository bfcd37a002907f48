import { mannWhitney, median, type MannWhitney } from '@espalier/nas/stats';
import { COLUMNS, type Column, type Run } from './run.js';
import { RATIOS, RULES, UNPRUNED, type Rule, type Treatment } from './treatments.js';

/** `open`: the seeds do not tell. */
export type Verdict = 'holds' | 'open' | 'fails';

/** Below this the seeds tell two treatments apart: many are compared, so it is stricter than usual. */
export const SIGNIFICANCE = 0.01;

/** One group of seeds against another. */
export interface Comparison {
  readonly verdict: Verdict;
  readonly medians: readonly [number, number];
  readonly pValue: number;
  /** Cliff's δ: below 0 the first is lower. */
  readonly cliffsDelta: number;
  readonly magnitude: MannWhitney['magnitude'];
}

/** Whether values of the first tend to be lower than those of the second. */
export function isLower(first: readonly number[], second: readonly number[]): Comparison {
  const found = compared(first, second);
  const differs = found.pValue < SIGNIFICANCE;
  return { ...found, verdict: !differs ? 'open' : found.cliffsDelta < 0 ? 'holds' : 'fails' };
}

/** Whether the first is no worse: its median is no higher, unless the seeds tell that its values tend to be higher. */
export function isAtMost(first: readonly number[], second: readonly number[]): Comparison {
  const found = compared(first, second);
  const isHigher = found.pValue < SIGNIFICANCE && found.cliffsDelta > 0;
  const [a, b] = found.medians;
  return { ...found, verdict: isHigher ? 'fails' : a <= b ? 'holds' : 'open' };
}

/** A claim with several parts holds when all do, and fails when one does. */
export function together(parts: readonly Verdict[]): Verdict {
  if (parts.includes('fails')) return 'fails';
  return parts.every((part) => part === 'holds') ? 'holds' : 'open';
}

function compared(first: readonly number[], second: readonly number[]): Omit<Comparison, 'verdict'> {
  const { pValue, cliffsDelta, magnitude } = mannWhitney(first, second);
  return { medians: [median(first), median(second)], pValue, cliffsDelta, magnitude };
}

/** Six parts of what the paper says, and two plain questions of ours: who leads early, and in the end. */
export const CLAIMS = {
  'pruned early': 'pruned after 200 evolutions is at most what unpruned is after 2000',
  'random worse': 'random pruning is worse than none after 1000, 2000 and 3000 evolutions',
  'ninety first': '90 % is better after 10 evolutions than 70 %, 50 % and no pruning',
  'ninety ends worse': '90 % is worse than 70 % after 3000 evolutions',
  'lower latency': 'networks evaluated in the pruned space have a lower mean latency',
  'higher accuracy': 'networks evaluated in the pruned space have a lower mean error',
  'better at 250': 'pruned is better than unpruned after 250 evolutions',
  'better at 3000': 'pruned is better than unpruned after 3000 evolutions',
} as const;
export type Claim = keyof typeof CLAIMS;

/** Whether a claim of the paper holds in a table; `indicator` and `ratio` are null where the claim names none. */
export interface ClaimResult {
  readonly claim: Claim;
  readonly rule: Rule;
  readonly ratio: number | null;
  readonly indicator: 'gd' | 'igdPlus' | null;
  readonly verdict: Verdict;
  readonly comparisons: readonly Comparison[];
}

/** The runs of a treatment, one a seed. */
export type RunsOf = (treatment: Treatment) => readonly Run[];

/** Every claim for every rule that it speaks of. */
export function claimsOf(runs: RunsOf): readonly ClaimResult[] {
  return RULES.flatMap((rule) => [
    ...RATIOS.flatMap((ratio) => aboutRatio(runs, rule, ratio)),
    ...(['gd', 'igdPlus'] as const).flatMap((indicator) => aboutNinety(runs, rule, indicator)),
  ]);
}

function aboutRatio(runs: RunsOf, rule: Rule, ratio: number): readonly ClaimResult[] {
  const pruned = runs({ rule, ratio });
  const unpruned = runs(UNPRUNED);
  // A run that met no network whose objectives are known has no mean.
  const means = (of: (run: Run) => number, group: readonly Run[]): number[] =>
    group.map(of).filter((value) => !Number.isNaN(value));
  const shift = (claim: Claim, of: (run: Run) => number): ClaimResult =>
    result({ claim, rule, ratio, indicator: null }, [isLower(means(of, pruned), means(of, unpruned))]);
  return [
    ...(['gd', 'igdPlus'] as const).map((indicator) => {
      const value = (column: Column) => valuesAt(column, indicator);
      return rule === 'random'
        ? result(
            { claim: 'random worse', rule, ratio, indicator },
            ([1000, 2000, 3000] as const).map((column) =>
              isLower(value(column)(unpruned), value(column)(pruned)),
            ),
          )
        : result({ claim: 'pruned early', rule, ratio, indicator }, [
            isAtMost(value(200)(pruned), value(2000)(unpruned)),
          ]);
    }),
    ...(['gd', 'igdPlus'] as const).flatMap((indicator) =>
      ([250, 3000] as const).map((column): ClaimResult => {
        const value = valuesAt(column, indicator);
        return result({ claim: `better at ${column}`, rule, ratio, indicator }, [
          isLower(value(pruned), value(unpruned)),
        ]);
      }),
    ),
    shift('lower latency', ({ meanLatencyMs }) => meanLatencyMs),
    shift('higher accuracy', ({ meanError }) => meanError),
  ];
}

function aboutNinety(runs: RunsOf, rule: Rule, indicator: 'gd' | 'igdPlus'): readonly ClaimResult[] {
  // Paid networks come before the search: after ten evolutions every ratio has seen the same ones.
  if (rule === 'random' || rule === 'block effect, 135 paid') return [];
  const ninety = runs({ rule, ratio: 0.9 });
  const early = valuesAt(10, indicator);
  const late = valuesAt(3000, indicator);
  const others: readonly Treatment[] = [{ rule, ratio: 0.7 }, { rule, ratio: 0.5 }, UNPRUNED];
  return [
    result(
      { claim: 'ninety first', rule, ratio: null, indicator },
      others.map((other) => isLower(early(ninety), early(runs(other)))),
    ),
    result({ claim: 'ninety ends worse', rule, ratio: null, indicator }, [
      isLower(late(runs({ rule, ratio: 0.7 })), late(ninety)),
    ]),
  ];
}

function result(
  about: Omit<ClaimResult, 'verdict' | 'comparisons'>,
  comparisons: readonly Comparison[],
): ClaimResult {
  return { ...about, verdict: together(comparisons.map(({ verdict }) => verdict)), comparisons };
}

function valuesAt(column: Column, indicator: 'gd' | 'igdPlus'): (runs: readonly Run[]) => number[] {
  const at = COLUMNS.indexOf(column);
  return (runs) => runs.map(({ archive }) => archive[at]?.[indicator] ?? NaN);
}
