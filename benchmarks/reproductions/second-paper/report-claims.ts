import { CLAIMS, type Claim, type ClaimResult } from './claims.js';
import { markdownTable } from './markdown-table.js';
import { MARKS } from './marks.js';
import { worthSection } from './report-worth.js';
import { tableName, type TableResult } from './study.js';
import { RATIOS, RULES, type Rule } from './treatments.js';

/** Which claim holds where, by rule and ratio; why the first fails; what it comes to instead. */
export function claimSections(results: readonly TableResult[]): string[] {
  const both = ['gd', 'igdPlus'] as const;
  return [
    ...both.flatMap((indicator) => [
      `### By ${indicatorName(indicator)}: ${CLAIMS['pruned early']}`,
      byRatio(results, 'pruned early', pruningRules, indicator),
    ]),
    reasonsOfFailure(results),
    worthSection(results),
    `### ${CLAIMS['random worse']}`,
    markdownTable(
      ['', ...both.map(indicatorName)],
      results.map((result) => [
        tableName(result),
        ...both.map((indicator) => marks(result, 'random worse', 'random', indicator)),
      ]),
    ),
    ...(['ninety first', 'ninety ends worse'] as const).flatMap((claim) => [
      `### ${CLAIMS[claim]} (first mark GD, second IGD⁺)`,
      markdownTable(
        ['', ...unpaidRules],
        results.map((result) => [
          tableName(result),
          ...unpaidRules.map((rule) =>
            both.map((indicator) => marks(result, claim, rule, indicator)).join(' '),
          ),
        ]),
      ),
    ]),
    ...(['better at 250', 'better at 3000'] as const).flatMap((claim) =>
      both.flatMap((indicator) => [
        `### By ${indicatorName(indicator)}: ${CLAIMS[claim]}`,
        byRatio(results, claim, RULES, indicator),
      ]),
    ),
    ...(['lower latency', 'higher accuracy'] as const).flatMap((claim) => [
      `### ${CLAIMS[claim]}`,
      byRatio(results, claim, RULES, null),
    ]),
  ];
}

const pruningRules = RULES.filter((rule) => rule !== 'random');
const unpaidRules = pruningRules.filter((rule) => rule !== 'block effect, 135 paid');

function byRatio(
  results: readonly TableResult[],
  claim: Claim,
  rules: readonly Rule[],
  indicator: ClaimResult['indicator'],
): string {
  return markdownTable(
    ['', ...rules],
    results.map((result) => [
      tableName(result),
      ...rules.map((rule) => marks(result, claim, rule, indicator)),
    ]),
  );
}

function marks(
  { claims }: TableResult,
  claim: Claim,
  rule: Rule,
  indicator: ClaimResult['indicator'],
): string {
  return claims
    .filter((each) => each.claim === claim && each.rule === rule && each.indicator === indicator)
    .map(({ verdict }) => MARKS[verdict])
    .join('');
}

/** Of the failures by IGD⁺: whether what was kept could have reached the unpruned search at all. */
function reasonsOfFailure(results: readonly TableResult[]): string {
  const failures = results.flatMap((result) =>
    result.claims
      .filter(
        ({ claim, indicator, verdict }) =>
          claim === 'pruned early' && indicator === 'igdPlus' && verdict === 'fails',
      )
      .map(({ rule, ratio, comparisons }) => {
        const pruned = result.treatments.find((each) => each.rule === rule && each.ratio === ratio);
        return { rule, hopeless: (pruned?.floor.igdPlus ?? NaN) > (comparisons[0]?.medians[1] ?? NaN) };
      }),
  );
  const lines = pruningRules.map((rule) => {
    const own = failures.filter((each) => each.rule === rule);
    return [rule, String(own.length), String(own.filter(({ hopeless }) => hopeless).length)];
  });
  return [
    `Why it fails by IGD⁺, of ${String(RATIOS.length * results.length)} cells a rule:`,
    markdownTable(
      ['rule', 'failures', 'of them: even all that is kept is worse than unpruned at 2000'],
      lines,
    ),
  ].join('\n\n');
}

const indicatorName = (indicator: 'gd' | 'igdPlus'): string => (indicator === 'gd' ? 'GD' : 'IGD⁺');
