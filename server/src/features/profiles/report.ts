import type { RequestContext } from '../../graphql/context.js';
import type { MeasurementReportInput, ReportOutcome } from '../../graphql/generated/resolvers.js';
import { authoriseAgent } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { finishIfComplete, publish } from './finish.js';
import { chargeTime } from './charge-time.js';
import { noteHealth } from './device-health.js';
import { checkedReports, type CheckedReport } from './report-checks.js';
import { storeResults, type Accepted, type HeldMeasurement } from './store-results.js';

/**
 * Takes what an agent measured: all reports are checked before any is stored, and all are stored in one transaction with
 * the device time that they took and the end of the campaign that they complete. A report whose lease expired, went elsewhere, or whose campaign was
 * stopped is LEASE_LOST; the same report twice changes nothing. NOT_FOUND for a measurement of another pool.
 */
export async function reportMeasurements(
  platform: Platform,
  ctx: RequestContext,
  inputs: readonly MeasurementReportInput[],
): Promise<ReadonlyMap<string, ReportOutcome>> {
  const { deviceId, teamId } = authoriseAgent(ctx);
  const reports = checkedReports(inputs);
  const { outcomes, standings } = await ctx.read(async (tx) => {
    const held = await lockMeasurements(tx, deviceId, reports);
    const outcomes = new Map<string, ReportOutcome>();
    const accepted: Accepted[] = [];
    for (const report of reports) {
      const row = held.get(report.measurementId);
      if (!row) throw notFound('Measurement');
      const outcome = outcomeOf(row, report);
      outcomes.set(report.measurementId, outcome);
      if (outcome === 'ACCEPTED') accepted.push({ row, report });
    }
    if (accepted.length === 0) return { outcomes, standings: [] };
    const ended = await storeResults(tx, deviceId, accepted);
    const chargedUntil = await noteHealth(tx, { deviceId, teamId }, accepted);
    await chargeTime(tx, deviceId, chargedUntil, accepted);
    return { outcomes, standings: await finishIfComplete(tx, ended) };
  });
  for (const { measurementId, fencingNumber } of reports)
    if (outcomes.get(measurementId) === 'LEASE_LOST')
      platform.log.warn({ measurementId, fencingNumber, deviceId }, 'late report refused');
  await publish(platform, standings);
  return outcomes;
}

async function lockMeasurements(
  tx: Transaction,
  deviceId: string,
  reports: readonly CheckedReport[],
): Promise<Map<string, HeldMeasurement>> {
  const rows = await tx.query<HeldMeasurement[]>(
    `select m.id, m.profile_run_id as "runId", m.team_id as "teamId", m.pool_id as "poolId", m.status, m.attempts,
       m.fencing_number as "fencingNumber", coalesce(m.device_id = $2, false) as mine,
       coalesce(m.lease_expires_at > now(), false) and r.status in ('QUEUED', 'RUNNING')
         and exists (select from devices d where d.id = $2 and d.quarantined_at is null) as alive,
       m.reported_at is not null as reported, m.floor_ms is not null as "unsteadyBefore",
       m.leased_at as "leasedAt", extract(epoch from now() - m.leased_at)::float8 * 1000 as "ageMs",
       coalesce(m.expected_ms, 0) as "expectedMs", m.failed_device_id as "failedDeviceId", r.target_fingerprint as fingerprint
     from measurements m join profile_runs r on r.id = m.profile_run_id
     where m.id = any($1) order by m.id for no key update of m`,
    [reports.map(({ measurementId }) => measurementId), deviceId],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function outcomeOf(row: HeldMeasurement, { fencingNumber }: CheckedReport): ReportOutcome {
  if (!row.mine || row.fencingNumber !== fencingNumber) return 'LEASE_LOST';
  if (row.status === 'LEASED') return row.alive ? 'ACCEPTED' : 'LEASE_LOST';
  return row.reported ? 'ALREADY_REPORTED' : 'LEASE_LOST';
}
