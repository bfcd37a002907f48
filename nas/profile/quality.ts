import { kendall, meanAbsolutePercentageError, median, spearman } from '../stats/index.js';
import type { Encoding } from '../space/index.js';
import { predictLatency, type LatencyTable } from './latency-table.js';
import type { MeasuredSubject } from './methods/method.js';
import { referenceDrift } from './reference-drift.js';
import { robustFloor, roundMinima } from './statistics.js';

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

/** A whole network with its robust floor. */
export interface MeasuredNetwork {
  readonly encoding: Encoding;
  readonly measuredMs: number;
}

/** A network that was not used for fitting, with what was predicted for it. */
export interface CheckedNetwork extends MeasuredNetwork {
  readonly predictedMs: number;
  readonly uncorrectedMs: number;
}

export interface ProfileQuality {
  /** Of the published table on networks not used to fit it; null when none was measured. */
  readonly additivity: Additivity | null;
  /** Of the table before correction, on the same networks. */
  readonly uncorrectedAdditivity: Additivity | null;
  /** Block latencies of the first against the second half of the rounds; null with fewer than two rounds. */
  readonly repeatability: Repeatability | null;
  /** Largest lasting move of the reference, ratio; null without readings. */
  readonly referenceDrift: number | null;
  /** Whether that is above 3 %. */
  readonly drifted: boolean;
  readonly unstableCount: number;
  /** What the additivities are about. */
  readonly heldOut: readonly CheckedNetwork[];
}

export const DRIFT_LIMIT = 0.03;

/** The figures that every profile shows, whatever its method. */
export function qualityOf(
  results: readonly MeasuredSubject[],
  found: {
    readonly table: LatencyTable;
    readonly uncorrected: LatencyTable;
    readonly repeatability: Repeatability | null;
  },
): ProfileQuality {
  const { table, uncorrected } = found;
  const { heldOut } = measuredNetworks(results);
  const drift = largestDrift(results);
  return {
    additivity: additivity(table, heldOut),
    uncorrectedAdditivity: additivity(uncorrected, heldOut),
    repeatability: found.repeatability,
    referenceDrift: drift,
    drifted: drift !== null && drift > DRIFT_LIMIT,
    unstableCount: results.filter(({ unstable }) => unstable).length,
    heldOut: heldOut.map((network) => ({
      ...network,
      predictedMs: predictLatency(table, network.encoding),
      uncorrectedMs: predictLatency(uncorrected, network.encoding),
    })),
  };
}

/** The whole networks among the results, with their floors. */
export function measuredNetworks(results: readonly MeasuredSubject[]): {
  readonly fit: readonly MeasuredNetwork[];
  readonly heldOut: readonly MeasuredNetwork[];
} {
  const of = (wanted: MeasuredSubject['purpose']): MeasuredNetwork[] =>
    results.flatMap(({ subject, purpose, rounds }) =>
      subject.kind === 'NETWORK' && purpose === wanted
        ? [{ encoding: subject.encoding, measuredMs: robustFloor(roundMinima(rounds)) }]
        : [],
    );
  return { fit: of('FIT'), heldOut: of('HELD_OUT') };
}

/** Null when there is no network to check. */
export function additivity(table: LatencyTable, networks: readonly MeasuredNetwork[]): Additivity | null {
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
    return a === b ? 0 : (2 * Math.abs(a - b)) / (a + b);
  });
  return { spearman: spearman(first, second), medianDifference: median(differences) };
}

/**
 * Latencies from the first half of every subject's rounds against those from the second, as `latencies` makes them of the subjects
 * and their floors. Null when a subject has fewer than two rounds, or there is none.
 */
export function blockRepeatability(
  subjects: readonly MeasuredSubject[],
  latencies: (subjects: readonly MeasuredSubject[], floors: readonly number[]) => readonly number[],
): Repeatability | null {
  if (subjects.length === 0 || subjects.some(({ rounds }) => rounds.length < 2)) return null;
  const half = (which: 0 | 1): readonly number[] =>
    latencies(
      subjects,
      subjects.map(({ rounds }) => {
        const middle = Math.ceil(rounds.length / 2);
        return robustFloor(roundMinima(which === 0 ? rounds.slice(0, middle) : rounds.slice(middle)));
      }),
    );
  return repeatability(half(0), half(1));
}

/**
 * Within one campaign round r of all subjects lies before round r + 1 of any; between campaigns, as when an agent leases a part
 * at a time, all rounds of one subject lie before those of a later one. The larger of the drifts in both orders.
 */
function largestDrift(results: readonly MeasuredSubject[]): number | null {
  const bySubject = results.flatMap(({ referenceMs }) => referenceMs);
  const longest = Math.max(0, ...results.map(({ referenceMs }) => referenceMs.length));
  const byRound = Array.from({ length: longest }, (_, round) =>
    results.flatMap(({ referenceMs }) => referenceMs.slice(round, round + 1)),
  ).flat();
  const drifts = [bySubject, byRound].map(referenceDrift).filter((each) => each !== null);
  return drifts.length > 0 ? Math.max(...drifts) : null;
}
