import { INDICATORS } from '../bands.js';
import type { Exported } from './exported.js';

const HEAD = [
  'group',
  'indicator',
  'evaluations',
  'runs',
  'mean',
  'standard_deviation',
  'median',
  'q1',
  'q3',
  'p',
  'p_holm',
  'cliffs_delta',
];

type Cell = string | number | null;

/** A line a group, indicator and checkpoint; tests are against the baseline (RFC 4180). */
export function asCsv({ result: { groups, checkpoints } }: Exported): string {
  const rows = groups.flatMap((group) =>
    INDICATORS.flatMap(({ indicator, band }) =>
      checkpoints.map((evaluations, i): Cell[] => {
        const { mean, standardDeviation, median, low, high } = group[band];
        const test = group.tests.find(
          (each) => each.indicator === indicator && each.evaluations === evaluations,
        );
        return [
          group.label,
          indicator,
          evaluations,
          group.runIds.length,
          ...[mean, standardDeviation, median, low, high].map((values) => values[i] ?? null),
          test?.pValue ?? null,
          test?.adjustedPValue ?? null,
          test?.cliffsDelta ?? null,
        ];
      }),
    ),
  );
  return [HEAD, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** A spreadsheet must not run a label that somebody made `=…`. */
function cellText(value: Cell): string {
  if (typeof value !== 'string') return String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
