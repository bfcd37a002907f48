import { sampleStatistics, type SampleStatistics } from '@espalier/nas/profile';
import type { MeasurementReportInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedNumber, checkedText } from '../../graphql/input-checks.js';
import { badInput } from '../../platform/errors.js';

const MAX_REPORTS = 200;
const MAX_ROUNDS = 1_000;
const MAX_SAMPLES = 100_000;
/** An hour for one run of one batch, milliseconds. */
const LONGEST_MS = 3_600_000;
/** A day: no lease is renewed for longer. */
const MOST_DEVICE_MS = 86_400_000;
/** A nanosecond: what no clock here resolves. */
const SHORTEST_MS = 1e-6;

/** A report that was checked, with what the server itself makes of the samples. */
export interface CheckedReport {
  readonly measurementId: string;
  readonly fencingNumber: number;
  /** Device time as the agent says it, milliseconds; null when it does not. */
  readonly deviceMs: number | null;
  readonly result:
    | {
        readonly kind: 'MEASURED';
        readonly rounds: readonly (readonly number[])[];
        readonly referenceMs: readonly number[];
        readonly sessionCreateMs: number | null;
        readonly unstableReason: string | null;
        readonly statistics: SampleStatistics;
      }
    | { readonly kind: 'FAILED'; readonly error: string };
}

/** Checks every report; BAD_INPUT names the first that is wrong, and none is stored then. `measurementId`s are UUIDs. */
export function checkedReports(reports: readonly MeasurementReportInput[]): CheckedReport[] {
  checkedCount('input.reports', reports, 1, MAX_REPORTS);
  const seen = new Set<string>();
  return reports.map((report, i) => {
    const field = `input.reports.${i}`;
    if (seen.has(report.measurementId))
      throw badInput(`${field}.measurementId`, 'A measurement is reported twice in one request.');
    seen.add(report.measurementId);
    return {
      measurementId: report.measurementId,
      fencingNumber: checkedInteger(`${field}.fencingNumber`, report.fencingNumber, 1, 2_147_483_647),
      deviceMs:
        report.deviceMs == null
          ? null
          : checkedNumber(`${field}.deviceMs`, report.deviceMs, 0, MOST_DEVICE_MS),
      result: checkedResult(field, report),
    };
  });
}

function checkedResult(field: string, report: MeasurementReportInput): CheckedReport['result'] {
  const { rounds, error } = report;
  if ((rounds == null) === (error == null)) throw badInput(field, 'Give either rounds or error.');
  if (rounds == null) return { kind: 'FAILED', error: oneLine(`${field}.error`, error ?? '', 2_000) };
  checkedCount(`${field}.rounds`, rounds, 1, MAX_ROUNDS);
  let samples = 0;
  rounds.forEach((round, at) => {
    const here = `${field}.rounds.${at}`;
    checkedCount(here, round, 1, MAX_SAMPLES);
    samples += round.length;
    round.forEach((sample, j) => checkedNumber(`${here}.${j}`, sample, SHORTEST_MS, LONGEST_MS));
  });
  if (samples > MAX_SAMPLES)
    throw badInput(`${field}.rounds`, `There are ${samples} samples; expected at most ${MAX_SAMPLES}.`);
  const referenceMs = checkedCount(`${field}.referenceMs`, report.referenceMs ?? [], 0, MAX_ROUNDS);
  referenceMs.forEach((ms, j) => checkedNumber(`${field}.referenceMs.${j}`, ms, SHORTEST_MS, LONGEST_MS));
  const { sessionCreateMs, unstableReason } = report;
  return {
    kind: 'MEASURED',
    rounds,
    referenceMs,
    sessionCreateMs:
      sessionCreateMs == null
        ? null
        : checkedNumber(`${field}.sessionCreateMs`, sessionCreateMs, 0, LONGEST_MS),
    unstableReason: unstableReason == null ? null : oneLine(`${field}.unstableReason`, unstableReason, 500),
    statistics: sampleStatistics(rounds),
  };
}

/** What a runtime said of a failure may span lines: they become one. */
const oneLine = (field: string, text: string, max: number): string =>
  checkedText(field, text.replaceAll(/[\r\n\t]+/g, ' '), 1, max);
