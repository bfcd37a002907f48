import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Figure } from '../../science/figure.js';
import type { Claim, ClaimResult } from './claims.js';
import { reportOf } from './report.js';
import { studyOnThreads } from './study-threads.js';
import { studyTables } from './study-tables.js';
import { tableName, type AdvisedResult } from './study.js';
import { RULES, type Rule } from './treatments.js';

export interface SecondPaperFlags {
  /** Folder of the public tables; without it only the Fashion spaces are studied. */
  readonly data?: string | undefined;
  /** Where all results are kept as JSON; tables that are there already are not studied again. */
  readonly parts?: string | undefined;
  /** Where to write the tables as Markdown. */
  readonly report?: string | undefined;
}

const SEEDS = 30;

/**
 * Rieber et al. 2023 on every table there is: each rule at each ratio with 30 seeds, and which of the paper's claims hold
 * (docs/papers/second-paper.md). A figure is the share of cells in which a claim holds.
 */
export async function reproduceSecondPaper({ data, parts, report }: SecondPaperFlags): Promise<Figure[]> {
  const names = studyTables(data).map(({ space, target }) => ({ space: space.name, target }));
  const done = new Map(
    parts !== undefined && existsSync(parts)
      ? (JSON.parse(readFileSync(parts, 'utf8')) as AdvisedResult[]).map((result) => [
          tableName(result),
          result,
        ])
      : [],
  );
  const results = (): readonly AdvisedResult[] => names.flatMap((name) => done.get(tableName(name)) ?? []);
  const missing = names.filter((name) => !done.has(tableName(name)));
  // The targets of a space share its effects, which take longest to find.
  const lists = [...new Set(missing.map(({ space }) => space))].map((space) =>
    missing.filter((each) => each.space === space).map(tableName),
  );
  await studyOnThreads(lists, availableParallelism(), { data, seeds: SEEDS }, (result) => {
    done.set(tableName(result), result);
    console.error(`${tableName(result)}: done, ${String(names.length - done.size)} to go`);
    if (parts !== undefined) writeFileSync(parts, `${JSON.stringify(results())}\n`);
  });
  if (report !== undefined)
    writeFileSync(report, reportOf(results(), SEEDS, 'npm run bench -- reproduce second-paper --data $DATA'));
  return figuresOf(results());
}

const BY_INDICATOR = [
  'pruned early',
  'random worse',
  'ninety first',
  'ninety ends worse',
  'better at 250',
  'better at 3000',
] as const;

function figuresOf(results: readonly AdvisedResult[]): Figure[] {
  const claims = results.flatMap((result) => result.claims);
  const share = (claim: Claim, rule: Rule, indicator: ClaimResult['indicator']): Figure[] => {
    const own = claims.filter(
      (each) => each.claim === claim && each.rule === rule && each.indicator === indicator,
    );
    if (own.length === 0) return [];
    const value = own.filter(({ verdict }) => verdict === 'holds').length / own.length;
    const name = `second-paper/${claim}/${rule}${indicator === null ? '' : `/${indicator}`}`;
    return [{ name, value, unit: 'of cells', peer: null, ratio: null, n: own.length }];
  };
  return RULES.flatMap((rule) => [
    ...BY_INDICATOR.flatMap((claim) =>
      (['gd', 'igdPlus'] as const).flatMap((indicator) => share(claim, rule, indicator)),
    ),
    ...(['lower latency', 'higher accuracy'] as const).flatMap((claim) => share(claim, rule, null)),
  ]);
}
