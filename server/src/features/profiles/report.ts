import type { RequestContext } from '../../graphql/context.js';
import type { MeasurementReportInput, ReportOutcome } from '../../graphql/generated/resolvers.js';
import { authoriseAgent } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { finishIfComplete, publish } from './finish.js';
import { MAX_ATTEMPTS } from './leases.js';
import { checkedReports, type CheckedReport } from './report-checks.js';

/**
 * Takes what an agent measured: all reports are checked before any is stored, and all are stored in one transaction with
 * the end of the campaign that they complete. A report whose lease expired, went elsewhere, or whose campaign was
 * stopped is LEASE_LOST; the same report twice changes nothing. NOT_FOUND for a measurement of another team.
 */
export async function reportMeasurements(
  platform: Platform,
  ctx: RequestContext,
  inputs: readonly MeasurementReportInput[],
): Promise<ReadonlyMap<string, ReportOutcome>> {
  const { deviceId } = authoriseAgent(ctx);
  const reports = checkedReports(inputs);
  const { outcomes, standings } = await ctx.read(async (tx) => {
    const held = await lockMeasurements(tx, deviceId, reports);
    const outcomes = new Map<string, ReportOutcome>();
    const touched: string[] = [];
    for (const report of reports) {
      const row = held.get(report.measurementId);
      if (!row) throw notFound('Measurement');
      const outcome = outcomeOf(row, report);
      outcomes.set(report.measurementId, outcome);
      if (outcome !== 'ACCEPTED') continue;
      await store(tx, row, report);
      touched.push(row.runId);
    }
    return { outcomes, standings: await finishIfComplete(tx, touched) };
  });
  for (const { measurementId, fencingNumber } of reports)
    if (outcomes.get(measurementId) === 'LEASE_LOST')
      platform.log.warn({ measurementId, fencingNumber, deviceId }, 'late report refused');
  await publish(platform, standings);
  return outcomes;
}

interface HeldMeasurement {
  readonly id: string;
  readonly runId: string;
  readonly status: string;
  readonly attempts: number;
  readonly fencingNumber: number | null;
  /** The calling device was the last to lease it. */
  readonly mine: boolean;
  /** The lease has time left and its campaign goes on. */
  readonly alive: boolean;
  readonly reported: boolean;
  /** An unsteady result is there already. */
  readonly unsteadyBefore: boolean;
}

async function lockMeasurements(
  tx: Transaction,
  deviceId: string,
  reports: readonly CheckedReport[],
): Promise<Map<string, HeldMeasurement>> {
  const rows = await tx.query<HeldMeasurement[]>(
    `select m.id, m.profile_run_id as "runId", m.status, m.attempts, m.fencing_number as "fencingNumber",
       coalesce(m.device_id = $2, false) as mine,
       coalesce(m.lease_expires_at > now(), false) and r.status in ('QUEUED', 'RUNNING') as alive,
       m.reported_at is not null as reported, m.floor_ms is not null as "unsteadyBefore"
     from measurements m join profile_runs r on r.id = m.profile_run_id
     where m.id = any($1) order by m.id for update of m`,
    [reports.map(({ measurementId }) => measurementId), deviceId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function outcomeOf(row: HeldMeasurement, { fencingNumber }: CheckedReport): ReportOutcome {
  if (!row.mine || row.fencingNumber !== fencingNumber) return 'LEASE_LOST';
  if (row.status === 'LEASED') return row.alive ? 'ACCEPTED' : 'LEASE_LOST';
  return row.reported ? 'ALREADY_REPORTED' : 'LEASE_LOST';
}

/**
 * An unsteady result is kept, and measured once more before it is believed; a failure is tried MAX_ATTEMPTS times. The
 * fencing number stays with the row until the next lease, so that a repeated report is recognised.
 */
async function store(tx: Transaction, row: HeldMeasurement, { result }: CheckedReport): Promise<void> {
  if (result.kind === 'FAILED') {
    const again = row.attempts < MAX_ATTEMPTS;
    const status = again ? 'QUEUED' : row.unsteadyBefore ? 'DONE' : 'FAILED';
    await tx.query(
      `update measurements set status = $2, error = $3, reported_at = now(), lease_expires_at = null where id = $1`,
      [row.id, status, status === 'DONE' ? null : result.error],
    );
    return;
  }
  const { statistics: s, unstableReason } = result;
  const again = unstableReason !== null && !row.unsteadyBefore;
  await tx.query(
    `update measurements set status = $2, floor_ms = $3, floor_low_ms = $4, floor_high_ms = $5, median_ms = $6,
       p10_ms = $7, p90_ms = $8, p99_ms = $9, mean_ms = $10, coefficient_of_variation = $11, sample_count = $12,
       rounds = $13, reference_ms = $14, session_create_ms = $15, unstable_reason = $16, error = null,
       reported_at = now(), lease_expires_at = null
     where id = $1`,
    [
      row.id,
      again ? 'QUEUED' : 'DONE',
      s.floorMs,
      s.floorIntervalMs[0],
      s.floorIntervalMs[1],
      s.medianMs,
      s.p10Ms,
      s.p90Ms,
      s.p99Ms,
      s.meanMs,
      s.coefficientOfVariation,
      s.sampleCount,
      JSON.stringify(result.rounds),
      JSON.stringify(result.referenceMs),
      result.sessionCreateMs,
      unstableReason,
    ],
  );
}
