import type { ComparisonIndicator } from '../../../graphql/generated/resolvers.js';
import { INDICATORS } from '../bands.js';
import type { Band, ComparisonGroupResult, ComparisonResult } from '../entities.js';
import { ALPHA } from '../verdict.js';

/** One indicator in the second paper's form: a row a group, a column a number of evaluations. */
export interface PaperTable {
  readonly indicator: ComparisonIndicator;
  readonly title: string;
  readonly columns: readonly number[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly PaperCell[] }[];
}

export interface PaperCell {
  /** Mean and deviation over seeds, or where none was kept the median; null where too few runs got so far. */
  readonly value: string | null;
  readonly deviation: string | null;
  readonly isBest: boolean;
  /** How the group stands to the baseline there, after Holm's correction. */
  readonly mark: Mark;
}

export type Mark = 'better' | 'worse' | 'open';

export const TITLES: Readonly<Record<ComparisonIndicator, string>> = {
  IGD_PLUS: 'IGD⁺',
  GD: 'GD',
  GD_PLUS: 'GD⁺',
  IGD: 'IGD',
  HYPERVOLUME_RATIO: 'Hypervolume ratio',
  EPSILON: 'Additive ε',
};

/** What is read first stands first: IGD⁺ with GD beside it. */
const ORDER: readonly ComparisonIndicator[] = [
  'IGD_PLUS',
  'GD',
  'HYPERVOLUME_RATIO',
  'GD_PLUS',
  'IGD',
  'EPSILON',
];

/** Every indicator that the comparison has figures for. */
export function paperTables({ groups, checkpoints }: ComparisonResult): PaperTable[] {
  return ORDER.flatMap((indicator) => {
    const name = INDICATORS.find((each) => each.indicator === indicator)?.band;
    if (!name) return [];
    const shown = groups.map((group) => ({ group, values: shownValues(group[name]) }));
    if (shown.every(({ values }) => values.every((value) => value === null))) return [];
    const decimals = decimalsFor(shown.flatMap(({ values }) => values));
    const best = checkpoints.map((_, i) =>
      bestOf(
        indicator,
        shown.map(({ values }) => values[i] ?? null),
      ),
    );
    const rows = shown.map(({ group, values }) => ({
      label: group.label,
      cells: checkpoints.map((evaluations, i): PaperCell => {
        const value = values[i] ?? null;
        const deviation = group[name].standardDeviation[i] ?? null;
        return {
          value: value?.toFixed(decimals) ?? null,
          deviation: deviation?.toFixed(decimals) ?? null,
          isBest: value !== null && value === best[i],
          mark: markOf(group, indicator, evaluations),
        };
      }),
    }));
    return [{ indicator, title: TITLES[indicator], columns: checkpoints, rows }];
  });
}

const shownValues = ({ mean, median }: Band): (number | null)[] => median.map((value, i) => mean[i] ?? value);

/** Two significant digits of the least value, three places at least. */
function decimalsFor(values: readonly (number | null)[]): number {
  const least = Math.min(...values.map((value) => (value ? Math.abs(value) : Infinity)));
  return Number.isFinite(least) ? Math.min(6, Math.max(3, 1 - Math.floor(Math.log10(least)))) : 3;
}

export const isLargerBetter = (indicator: ComparisonIndicator): boolean => indicator === 'HYPERVOLUME_RATIO';

function bestOf(indicator: ComparisonIndicator, values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return isLargerBetter(indicator) ? Math.max(...known) : Math.min(...known);
}

export function markOf(
  group: ComparisonGroupResult,
  indicator: ComparisonIndicator,
  evaluations: number,
): Mark {
  const test = group.tests.find((each) => each.indicator === indicator && each.evaluations === evaluations);
  if (!test || test.adjustedPValue > ALPHA || test.cliffsDelta === 0) return 'open';
  return test.cliffsDelta > 0 === isLargerBetter(indicator) ? 'better' : 'worse';
}
