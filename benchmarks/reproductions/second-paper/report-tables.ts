import { markdownTable } from './markdown-table.js';
import type { Spread, TableResult, TreatmentResult } from './study.js';

/** The columns of the published table. */
const PUBLISHED = [10, 100, 250, 500, 1000, 2000, 3000];

/** One space on one target in the form of the paper's table: once with its GD, once with IGD⁺. */
export function tableSection(result: TableResult): string {
  const { space, target, networks, frontSize, remark, treatments } = result;
  const about = `${networks.toLocaleString('en')} networks, ${String(frontSize)} on the true front.`;
  return [
    `## ${space} on ${target}`,
    remark === null ? about : `${about} ${remark}`,
    'GD; the last column is the GD of the population alone after 3000 evolutions:',
    markdownTable(
      [...head, 'floor', 'population'],
      treatments.map((each) => [
        ...rowOf(each, 'gd'),
        figure(each.floor.gd),
        spread(each.columns.at(-1)?.populationGd),
      ]),
    ),
    'IGD⁺; *front* is the share of the true front that is kept:',
    markdownTable(
      [...head, 'floor', 'front', 'networks'],
      treatments.map((each) => [
        ...rowOf(each, 'igdPlus'),
        figure(each.floor.igdPlus),
        `${(100 * each.floor.frontKept).toFixed(0)} %`,
        Math.round(each.floor.networks).toLocaleString('en'),
      ]),
    ),
  ].join('\n\n');
}

const head = ['rule', 'pruned', ...PUBLISHED.map(String)];

function rowOf({ rule, ratio, columns }: TreatmentResult, indicator: 'gd' | 'igdPlus'): string[] {
  const cells = columns.filter(({ evolutions }) => PUBLISHED.includes(evolutions));
  return [
    rule ?? 'none',
    `${(100 * ratio).toFixed(0)} %`,
    ...cells.map((column) => spread(column[indicator])),
  ];
}

const spread = (of: Spread | undefined): string => `${figure(of?.mean)} ± ${figure(of?.sd)}`;

export const figure = (value: number | undefined): string => (value ?? NaN).toFixed(3);
