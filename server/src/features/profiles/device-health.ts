import { median } from '@espalier/nas/stats';
import { audit } from '../../platform/audit.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import type { Accepted } from './store-results.js';

/** Subjects in a row that a device fails on and others measure, before it is taken out. */
const MOST_REFUTED = 5;
/** How far the reference network may move against the device's own past before it is taken out, ratio. */
const MOST_DRIFT = 0.3;
/** Hours of readings that make a past, and readings that make an hour. */
const KNOWN_HOURS = 3;
const KNOWN_READINGS = 3;

/**
 * Learns from results how well devices are, and takes out those that are not: a device that fails on subjects which others
 * then measure, and one whose reference network runs at another speed than it used to. A subject that fails everywhere says
 * nothing about a device, so that no campaign can have another team's devices taken out. Returns up to when the reporting
 * device's time was charged before.
 */
export async function noteHealth(
  tx: Transaction,
  { deviceId, teamId }: { readonly deviceId: string; readonly teamId: TeamId },
  accepted: readonly Accepted[],
): Promise<Date | null> {
  const refuted = new Map<string, number>();
  let succeeded = false;
  for (const { row, report } of accepted) {
    if (report.result.kind !== 'MEASURED') continue;
    succeeded = true;
    if (row.failedDeviceId !== null && row.failedDeviceId !== deviceId)
      refuted.set(row.failedDeviceId, (refuted.get(row.failedDeviceId) ?? 0) + 1);
  }
  // Locked by id, so that two devices which refute each other's failures do not wait for each other for ever.
  const devices = await tx.query<{ id: string; charged_until: Date | null }[]>(
    'select id, charged_until from devices where id = any($1) order by id for no key update',
    [[deviceId, ...refuted.keys()]],
  );
  await tx.query(
    `update devices set last_seen_at = now(), charged_until = now(), refuted_failures = case when $2 then 0 else refuted_failures end
     where id = $1`,
    [deviceId, succeeded],
  );
  for (const [id, failures] of refuted) await refute(tx, teamId, id, failures);
  await noteReferences(tx, deviceId, teamId, accepted);
  return devices.find(({ id }) => id === deviceId)?.charged_until ?? null;
}

async function refute(tx: Transaction, teamId: TeamId, deviceId: string, failures: number): Promise<void> {
  const [rows] = await tx.query<[{ refuted_failures: number }[], number]>(
    'update devices set refuted_failures = refuted_failures + $2 where id = $1 returning refuted_failures',
    [deviceId, failures],
  );
  const count = rows[0]?.refuted_failures ?? 0;
  if (count >= MOST_REFUTED)
    await takeOut(tx, teamId, deviceId, `failed on ${count} subjects in a row that other devices measured`);
}

/** Keeps the reference network's time for the hour, a target at a time, and compares it with the hours before. */
async function noteReferences(
  tx: Transaction,
  deviceId: string,
  teamId: TeamId,
  accepted: readonly Accepted[],
): Promise<void> {
  const readings = new Map<string, number[]>();
  for (const { row, report } of accepted)
    if (report.result.kind === 'MEASURED' && report.result.referenceMs.length > 0)
      readings.set(row.fingerprint, [...(readings.get(row.fingerprint) ?? []), ...report.result.referenceMs]);
  for (const [fingerprint, referenceMs] of readings) {
    await tx.query(
      `insert into device_references as r (team_id, device_id, fingerprint, hour, reference_ms, readings)
       values ($1, $2, $3, date_trunc('hour', now()), $4, 1)
       on conflict (device_id, fingerprint, hour) do update
         set reference_ms = least(r.reference_ms, excluded.reference_ms), readings = r.readings + 1`,
      [teamId, deviceId, fingerprint, median(referenceMs)],
    );
    const drift = await driftOf(tx, deviceId, fingerprint);
    if (drift !== null && Math.abs(drift.ratio - 1) > MOST_DRIFT)
      await takeOut(
        tx,
        teamId,
        deviceId,
        `its reference network takes ${milliseconds(drift.latestMs)}, usually ${milliseconds(drift.usualMs)}`,
      );
  }
}

export interface Drift {
  readonly latestMs: number;
  readonly usualMs: number;
  /** Latest ÷ usual. */
  readonly ratio: number;
}

/** The reference network in the latest hour against the hours before; null while too little is known. */
async function driftOf(tx: Transaction, deviceId: string, fingerprint: string): Promise<Drift | null> {
  const [row] = await tx.query<{ latestMs: number | null; usualMs: number | null }[]>(
    `select min(reference_ms) filter (where age = 1 and readings >= ${KNOWN_READINGS}) as "latestMs",
       case when count(*) filter (where age > 1) >= ${KNOWN_HOURS}
         then percentile_cont(0.5) within group (order by reference_ms) filter (where age > 1) end as "usualMs"
     from (select reference_ms, readings, row_number() over (order by hour desc) as age from device_references
       where device_id = $1 and fingerprint = $2 and hour > now() - interval '30 days') hours`,
    [deviceId, fingerprint],
  );
  if (row?.latestMs == null || row.usualMs == null) return null;
  return { latestMs: row.latestMs, usualMs: row.usualMs, ratio: row.latestMs / row.usualMs };
}

async function takeOut(tx: Transaction, teamId: TeamId, deviceId: string, reason: string): Promise<void> {
  const [taken] = await tx.query<[unknown[], number]>(
    `update devices set quarantined_at = now(), quarantine_reason = $2, quarantined_by_server = true
     where id = $1 and quarantined_at is null returning id`,
    [deviceId, reason],
  );
  if (taken.length === 0) return;
  const detail = { reason, automatic: true };
  await audit(tx, { teamId, actor: 'server', action: 'quarantineDevice', subject: deviceId, detail });
}

const milliseconds = (ms: number): string => `${ms.toPrecision(3)} ms`;
