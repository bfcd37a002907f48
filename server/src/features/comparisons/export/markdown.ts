import type { Arrival } from '../entities.js';
import { digits, intervalText } from '../wording.js';
import type { Exported } from './exported.js';
import { paperTables, TITLES, type PaperCell, type PaperTable } from './paper-table.js';

const MARKS = { better: ' ▲', worse: ' ▼', open: '' } as const;

/** Verdict, evaluations to the target, and a table an indicator in the second paper's form. */
export function asMarkdown(exported: Exported): string {
  const { name, space, task, target, asked, result } = exported;
  return `${[
    `# ${escaped(name)}`,
    escaped(`${space.name} on ${target.name} · ${task.name}, ${task.metric}`),
    result.verdict.map((sentence) => `- ${escaped(sentence)}`).join('\n'),
    escaped(result.reference),
    ...arrivalTable(exported),
    ...paperTables(result).flatMap((table) => [`## ${table.title}`, tableText(table)]),
    legend(asked.baseline),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function legend(baseline: string | null): string {
  const against =
    baseline === null
      ? ''
      : ` ▲ better and ▼ worse than ${escaped(baseline)}: Mann–Whitney, p ≤ 0.05 after Holm's correction over the groups; unmarked differences may be chance.`;
  return `Mean ± standard deviation over seeds after so many evaluations; the best of a column is bold.${against} GD alone flatters a narrow space: read it beside IGD⁺.`;
}

function arrivalTable({ asked, result }: Exported): string[] {
  if (asked.baseline === null || result.targetIgdPlus === null) return [];
  const rows = result.groups.flatMap((group) =>
    group.arrivals.map((arrival) => [
      escaped(group.label),
      TITLES[arrival.indicator],
      ...arrivalCells(arrival),
      `${arrival.seeds} of ${group.runIds.length}`,
    ]),
  );
  const gd = result.targetGd === null ? '' : `, GD ${digits(result.targetGd)}`;
  return [
    '## Evaluations to the target',
    `What ${escaped(asked.baseline)} has after ${asked.targetEvaluations} evaluations: IGD⁺ ${digits(result.targetIgdPlus)}${gd}. Medians over seeds with 95 % bootstrap intervals.`,
    gridText(['Group', 'by', 'evaluations', 'speed-up', 'seeds'], rows),
  ];
}

const arrivalCells = ({ evaluations, interval, speedup, speedupInterval }: Arrival): string[] => [
  evaluations === null ? 'not reached' : `${evaluations}${interval ? ` (${countInterval(interval)})` : ''}`,
  speedup === null
    ? '–'
    : `${speedup.toFixed(1)}×${speedupInterval ? ` (${intervalText(speedupInterval)})` : ''}`,
];

const countInterval = ({ low, high }: NonNullable<Arrival['interval']>): string =>
  high === null
    ? `from ${low === null ? 'never' : Math.round(low)} on`
    : `${Math.round(low ?? 0)}–${Math.round(high)}`;

const tableText = ({ columns, rows }: PaperTable): string =>
  gridText(
    ['Group', ...columns.map(String)],
    rows.map(({ label, cells }) => [escaped(label), ...cells.map(cellText)]),
  );

function cellText({ value, deviation, isBest, mark }: PaperCell): string {
  if (value === null) return '–';
  const text = deviation === null ? value : `${value} ± ${deviation}`;
  return `${isBest ? `**${text}**` : text}${MARKS[mark]}`;
}

const gridText = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** What a person wrote stays what it was: no markup, no cell of its own. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>#|~&]/g, '\\$&');
