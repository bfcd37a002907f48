import type { Convergence } from '@espalier/nas/search';
import { mean, median, quantile, standardDeviation } from '@espalier/nas/stats';
import type { ComparisonIndicator } from '../../graphql/generated/resolvers.js';
import type { Band, ComparisonGroupResult } from './entities.js';

/** Each indicator, its value at a checkpoint, and where a group keeps it. */
export const INDICATORS: readonly {
  readonly indicator: ComparisonIndicator;
  readonly of: (row: Convergence) => number;
  readonly band: keyof Bands;
}[] = [
  { indicator: 'GD', of: (row) => row.generationalDistance, band: 'gd' },
  { indicator: 'GD_PLUS', of: (row) => row.generationalDistancePlus, band: 'gdPlus' },
  { indicator: 'IGD', of: (row) => row.invertedGenerationalDistance, band: 'igd' },
  { indicator: 'IGD_PLUS', of: (row) => row.invertedGenerationalDistancePlus, band: 'igdPlus' },
  { indicator: 'HYPERVOLUME_RATIO', of: (row) => row.hypervolumeRatio, band: 'hypervolumeRatio' },
  { indicator: 'EPSILON', of: (row) => row.additiveEpsilon, band: 'epsilon' },
];

export type Bands = Pick<
  ComparisonGroupResult,
  'gd' | 'gdPlus' | 'igd' | 'igdPlus' | 'hypervolumeRatio' | 'epsilon'
>;

/** Every indicator over the seeds of a group; `runs` holds each run's convergence at the checkpoints that it reached. */
export function bandsOf(runs: readonly (readonly Convergence[])[], checkpoints: readonly number[]): Bands {
  const entries = INDICATORS.map(({ of, band }) => [band, bandOf(runs, checkpoints, of)] as const);
  return Object.fromEntries(entries) as unknown as Bands;
}

/** Values of the runs that reached the checkpoint. */
export function valuesAt(
  runs: readonly (readonly Convergence[])[],
  checkpoint: number,
  of: (row: Convergence) => number,
): number[] {
  return runs.flatMap((rows) => {
    const row = rows[checkpoint];
    return row && Number.isFinite(of(row)) ? [of(row)] : [];
  });
}

function bandOf(
  runs: readonly (readonly Convergence[])[],
  checkpoints: readonly number[],
  of: (row: Convergence) => number,
): Band {
  const at = checkpoints.map((_, i) => valuesAt(runs, i, of));
  const over = (statistic: (values: readonly number[]) => number): (number | null)[] =>
    at.map((values) => {
      const value = values.length > 0 && values.length * 2 >= runs.length ? statistic(values) : NaN;
      return Number.isNaN(value) ? null : value;
    });
  return {
    median: over(median),
    low: over((values) => quantile(values, 0.25)),
    high: over((values) => quantile(values, 0.75)),
    mean: over(mean),
    standardDeviation: over(standardDeviation),
  };
}

/** As many nothings as there are checkpoints. */
export function emptyBand(checkpoints: number): Band {
  const nothing = (): null[] => Array.from({ length: checkpoints }, () => null);
  return {
    median: nothing(),
    low: nothing(),
    high: nothing(),
    mean: nothing(),
    standardDeviation: nothing(),
  };
}
