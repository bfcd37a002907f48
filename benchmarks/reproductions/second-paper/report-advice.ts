import type { AdviceResult, Range } from './advice.js';
import { markdownTable } from './markdown-table.js';
import { MARKS } from './marks.js';
import { figure } from './report-tables.js';
import { tableName, type AdvisedResult } from './study.js';
import type { Rule } from './treatments.js';

/** What pilots said beforehand against what came out. */
export function adviceSection(results: readonly AdvisedResult[]): string {
  const rows = results.flatMap((result) =>
    result.advice.map((each) => [
      tableName(result),
      each.rule,
      String(each.pilotSize),
      range(each.accuracy),
      range(each.nonDomination),
      verdictsOf(each),
      String(each.recommended),
      ...([250, 3000] as const).map((evolutions) => outcome(result, each.rule, evolutions)),
    ]),
  );
  return [
    '## What a pilot would have said',
    `Before the search, some random networks are evaluated and \`adviseRules\` says which rule to trust: Spearman’s ρ between a rule’s score of a network and its accuracy, and between the score and how hard the network is to dominate; mean of ${String(results[0]?.advice[0]?.pilots ?? 0)} pilots with the least and the largest, how many of them said what, and how many recommended the rule. Then what came of pruning 70 % by it: IGD⁺ pruned : unpruned, ✓ where pruned is better, ✗ where it is worse.`,
    markdownTable(
      [
        '',
        'rule',
        'pilot',
        'ρ with accuracy',
        'ρ with non-domination',
        'said',
        'recommended',
        'after 250',
        'after 3000',
      ],
      rows,
    ),
  ].join('\n\n');
}

const range = ({ mean, low, high }: Range): string =>
  `${mean.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`.replaceAll('-', '−');

function verdictsOf({ verdicts }: AdviceResult): string {
  return Object.entries(verdicts)
    .map(([verdict, count]) => `${String(count)} ${verdict.toLowerCase()}`)
    .join(', ');
}

/** IGD⁺ of pruning 70 % by the rule against that of no pruning. */
function outcome({ treatments, claims }: AdvisedResult, rule: Rule, evolutions: 250 | 3000): string {
  const [pruned, unpruned] = [rule, null].map((wanted) =>
    treatments
      .find((each) => each.rule === wanted && each.ratio === (wanted === null ? 0 : 0.7))
      ?.columns.find((column) => column.evolutions === evolutions),
  );
  const found = claims.find(
    (each) =>
      each.claim === `better at ${evolutions}` &&
      each.rule === rule &&
      each.ratio === 0.7 &&
      each.indicator === 'igdPlus',
  );
  const mark = found === undefined ? '' : MARKS[found.verdict];
  return `${figure(pruned?.igdPlus.mean)} : ${figure(unpruned?.igdPlus.mean)} ${mark}`;
}
