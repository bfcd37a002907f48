import { kendall, meanAbsolutePercentageError, median, spearman } from '../stats/index.js';
import { predictLatency, type LatencyTable } from './latency-table.js';

/** How well the sum of block latencies predicts whole networks; shares and errors are ratios (0.05 = 5 %). */
export interface Additivity {
  readonly networks: number;
  readonly mape: number;
  /** Share of networks predicted within ±5 %. */
  readonly within5: number;
  readonly within10: number;
  /** Kendall's τ-b; NaN below two networks. */
  readonly kendallTau: number;
}

/** How well two measurements of the same blocks agree. */
export interface Repeatability {
  readonly spearman: number;
  /** Median of |a − b| / mean(a, b), a ratio. */
  readonly medianDifference: number;
}

/** Null when there is no network to check. */
export function additivity(
  table: LatencyTable,
  networks: readonly { readonly encoding: readonly number[]; readonly measuredMs: number }[],
): Additivity | null {
  if (networks.length === 0) return null;
  const measured = networks.map(({ measuredMs }) => measuredMs);
  const predicted = networks.map(({ encoding }) => predictLatency(table, encoding));
  const errors = predicted.map((ms, i) => Math.abs(ms / (measured[i] ?? NaN) - 1));
  const within = (limit: number): number => errors.filter((error) => error <= limit).length / errors.length;
  return {
    networks: networks.length,
    mape: meanAbsolutePercentageError(predicted, measured),
    within5: within(0.05),
    within10: within(0.1),
    kendallTau: kendall(predicted, measured),
  };
}

/** Compares latencies of the same blocks in the same order; RangeError for different lengths. */
export function repeatability(first: readonly number[], second: readonly number[]): Repeatability {
  const differences = first.map((a, i) => {
    const b = second[i] ?? NaN;
    return (2 * Math.abs(a - b)) / (a + b);
  });
  return { spearman: spearman(first, second), medianDifference: median(differences) };
}
