import type { Exported } from './exported.js';
import { paperTables, type PaperCell, type PaperTable } from './paper-table.js';

const MARKS = { better: '^{+}', worse: '^{-}', open: '' } as const;

const TITLES: Readonly<Record<PaperTable['indicator'], string>> = {
  IGD_PLUS: 'IGD$^+$',
  GD: 'GD',
  GD_PLUS: 'GD$^+$',
  IGD: 'IGD',
  HYPERVOLUME_RATIO: 'Hypervolume ratio',
  EPSILON: 'Additive $\\varepsilon$',
};

/** A table an indicator in the second paper's form, for a document that uses the package booktabs. */
export function asLatex(exported: Exported): string {
  const tables = paperTables(exported.result).map((table) => tableText(exported, table));
  const verdict = exported.result.verdict.map((sentence) => `% ${oneLine(sentence)}\n`).join('');
  return `% ${oneLine(exported.name)}\n${verdict}% Needs \\usepackage{booktabs} and a document in UTF-8.\n\n${tables.join('\n')}`;
}

function tableText({ name, space, task, target, asked, result }: Exported, table: PaperTable): string {
  const { indicator, columns, rows } = table;
  const baseline = asked.baseline;
  const marks =
    baseline === null
      ? ''
      : ` $+$ better and $-$ worse than ${escaped(baseline)} (Mann--Whitney, $p \\le 0.05$ after Holm's correction).`;
  const caption = `${escaped(name)}: ${TITLES[indicator]} after so many evaluations, mean $\\pm$ standard deviation over seeds; the best of a column is bold.${marks} ${escaped(`${space.name} on ${target.name}, ${task.name}.`)} ${escaped(result.reference)}`;
  return `\\begin{table}
\\centering
\\caption{${caption}}
\\label{tab:${indicator.toLowerCase().replaceAll('_', '-')}}
\\begin{tabular}{l${'r'.repeat(columns.length)}}
\\toprule
 & ${columns.map((column) => String(column)).join(' & ')} \\\\
\\midrule
${rows.map(({ label, cells }) => `${[escaped(label), ...cells.map(cellText)].join(' & ')} \\\\`).join('\n')}
\\bottomrule
\\end{tabular}
\\end{table}
`;
}

function cellText({ value, deviation, isBest, mark }: PaperCell): string {
  if (value === null) return '--';
  const number = isBest ? `\\mathbf{${value}}` : value;
  const spread = deviation === null ? '' : ` \\pm ${deviation}`;
  return `$${number}${spread}${MARKS[mark]}$`;
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '⁺': '$^+$',
  ε: '$\\varepsilon$',
  δ: '$\\delta$',
  '×': '$\\times$',
  '≤': '$\\le$',
};

/** What a person wrote as text, never as a command. */
const escaped = (text: string): string =>
  text.replaceAll(/[\\~^⁺εδ×≤]|[&%$#_{}]/g, (special) => SPECIAL[special] ?? `\\${special}`);
