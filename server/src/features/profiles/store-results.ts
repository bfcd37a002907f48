import type { Transaction } from '../../platform/database/tenancy.js';
import type { CheckedReport } from './report-checks.js';
import { MAX_ATTEMPTS } from './take-leases.js';

/** A measurement as the report found it, its row locked. */
export interface HeldMeasurement {
  readonly id: string;
  readonly runId: string;
  /** Whose campaign it is. */
  readonly teamId: string;
  readonly poolId: string;
  readonly status: string;
  readonly attempts: number;
  readonly fencingNumber: number | null;
  /** The calling device was the last to lease it. */
  readonly mine: boolean;
  /** The lease has time left, its campaign goes on, and the device is not in quarantine. */
  readonly alive: boolean;
  readonly reported: boolean;
  /** An unsteady result is there already. */
  readonly unsteadyBefore: boolean;
  readonly leasedAt: Date | null;
  /** Of the lease, milliseconds. */
  readonly ageMs: number | null;
  /** Device time that the lease was charged with, milliseconds. */
  readonly expectedMs: number;
  /** The device that failed on it last. */
  readonly failedDeviceId: string | null;
  readonly fingerprint: string;
}

/** A report that counts, with the measurement that it is of. */
export interface Accepted {
  readonly row: HeldMeasurement;
  readonly report: CheckedReport;
}

/**
 * An unsteady result is kept, and measured once more before it is believed; a failure is tried MAX_ATTEMPTS times, on other
 * devices where there are some. The fencing number stays with the row until the next lease, so that a repeated report is
 * recognised. Returns how many measurements of which campaigns ended.
 */
export async function storeResults(
  tx: Transaction,
  deviceId: string,
  accepted: readonly Accepted[],
): Promise<ReadonlyMap<string, number>> {
  const ended = new Map<string, number>();
  const measured: Record<string, unknown>[] = [];
  const failed: Record<string, unknown>[] = [];
  for (const { row, report } of accepted) {
    const { result } = report;
    const again =
      result.kind === 'FAILED'
        ? row.attempts < MAX_ATTEMPTS
        : result.unstableReason !== null && !row.unsteadyBefore;
    if (!again) ended.set(row.runId, (ended.get(row.runId) ?? 0) + 1);
    if (result.kind === 'FAILED') {
      const status = again ? 'QUEUED' : row.unsteadyBefore ? 'DONE' : 'FAILED';
      failed.push({ id: row.id, status, error: status === 'DONE' ? null : result.error });
    } else {
      const { statistics: s, rounds, referenceMs, sessionCreateMs, unstableReason } = result;
      const [floorLowMs, floorHighMs] = s.floorIntervalMs;
      const statistics = { ...s, floorLowMs, floorHighMs };
      const status = again ? 'QUEUED' : 'DONE';
      measured.push({
        id: row.id,
        status,
        ...statistics,
        rounds,
        referenceMs,
        sessionCreateMs,
        unstableReason,
      });
    }
  }
  if (failed.length > 0)
    await tx.query(
      `update measurements m set status = x.status, error = x.error, reported_at = now(), lease_expires_at = null,
         failed_device_id = $2
       from jsonb_to_recordset($1) as x(id uuid, status measurement_status, error text) where m.id = x.id`,
      [JSON.stringify(failed), deviceId],
    );
  if (measured.length > 0)
    await tx.query(
      `update measurements m set status = x.status, floor_ms = x."floorMs", floor_low_ms = x."floorLowMs",
         floor_high_ms = x."floorHighMs", median_ms = x."medianMs", p10_ms = x."p10Ms", p90_ms = x."p90Ms",
         p99_ms = x."p99Ms", mean_ms = x."meanMs", coefficient_of_variation = x."coefficientOfVariation",
         sample_count = x."sampleCount", rounds = x.rounds, reference_ms = x."referenceMs",
         session_create_ms = x."sessionCreateMs", unstable_reason = x."unstableReason", error = null,
         reported_at = now(), lease_expires_at = null, failed_device_id = null
       from jsonb_to_recordset($1) as x(id uuid, status measurement_status, "floorMs" float8, "floorLowMs" float8,
         "floorHighMs" float8, "medianMs" float8, "p10Ms" float8, "p90Ms" float8, "p99Ms" float8, "meanMs" float8,
         "coefficientOfVariation" float8, "sampleCount" int, rounds jsonb, "referenceMs" jsonb, "sessionCreateMs" float8,
         "unstableReason" text)
       where m.id = x.id`,
      [JSON.stringify(measured)],
    );
  return ended;
}
