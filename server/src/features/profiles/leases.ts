import type { RequestContext } from '../../graphql/context.js';
import { checkedInteger } from '../../graphql/input-checks.js';
import { authoriseAgent } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import {
  DeviceEntity,
  HardwareTargetEntity,
  type DeviceRow,
  type HardwareTargetRow,
} from '../devices/entities.js';
import type { MeasurementSubject } from './entities.js';
import { finishIfComplete, publish, type Standing } from './finish.js';

/** Most leases that one request asks for or renews. */
export const MAX_LEASES = 200;
/** How often a measurement is begun before it is given up. */
export const MAX_ATTEMPTS = 3;
const LEASE_LIFETIME = `interval '60 seconds'`;
const RETRY_AFTER_SECONDS = 2;

export interface Lease {
  readonly measurementId: string;
  readonly fencingNumber: number;
  readonly expiresAt: Date;
  /** Null for a model. */
  readonly spaceDocument: unknown;
  readonly subject: MeasurementSubject;
  readonly seed: number;
  readonly target: HardwareTargetRow;
}

/**
 * Up to `count` measurements for the calling agent: of campaigns in its pool and for its target, oldest campaign first,
 * those that wait and those whose lease expired. Agents that ask at once get different ones. What was begun
 * MAX_ATTEMPTS times without a result is given up here.
 *
 * Locks are taken in one order everywhere, measurements by id before campaigns by id, so that no two requests wait for
 * each other; leasing itself never waits for a measurement.
 */
export async function leaseMeasurements(
  platform: Platform,
  ctx: RequestContext,
  wanted: number,
): Promise<{ leases: Lease[]; retryAfterSeconds: number }> {
  const { deviceId } = authoriseAgent(ctx);
  const count = checkedInteger('input.count', wanted, 1, MAX_LEASES);
  const { leases, standings } = await ctx.read(async (tx) => {
    const device = await tx.getRepository(DeviceEntity).findOneBy({ id: deviceId });
    const target =
      device && (await tx.getRepository(HardwareTargetEntity).findOneBy({ id: device.targetId }));
    if (!device || !target) throw notFound('Device');
    const leases = await takeLeases(tx, device, target, count);
    const given = await giveUpExhausted(tx, device);
    return {
      leases,
      standings: [
        ...(await begin(
          tx,
          leases.map(({ runId }) => runId),
        )),
        ...given,
      ],
    };
  });
  await publish(platform, standings);
  return {
    leases: leases.map(({ runId: _runId, ...lease }) => lease),
    retryAfterSeconds: leases.length > 0 ? 0 : RETRY_AFTER_SECONDS,
  };
}

/** Renews the device's leases with these numbers and returns the numbers of those that it no longer has. */
export async function renewLeases(
  tx: Transaction,
  deviceId: string,
  fencingNumbers: readonly number[],
): Promise<number[]> {
  if (fencingNumbers.length === 0) return [];
  const [renewed] = await tx.query<[{ fencing_number: number }[], number]>(
    `with held as (
       select m.id from measurements m join profile_runs r on r.id = m.profile_run_id
       where m.device_id = $1 and m.fencing_number = any($2) and m.status = 'LEASED' and m.lease_expires_at > now()
         and r.status in ('QUEUED', 'RUNNING')
       order by m.id for update of m)
     update measurements m set lease_expires_at = now() + ${LEASE_LIFETIME}
     from held where m.id = held.id and m.lease_expires_at > now() returning m.fencing_number`,
    [deviceId, fencingNumbers],
  );
  const kept = new Set(renewed.map((row) => row.fencing_number));
  return [...new Set(fencingNumbers)].filter((number) => !kept.has(number));
}

/** Takes a device's leases away: what it was measuring waits again. */
export async function releaseLeases(tx: Transaction, deviceId: string): Promise<void> {
  await tx.query(
    `with held as (select id from measurements where device_id = $1 and status = 'LEASED' order by id for update)
     update measurements m set status = 'QUEUED', device_id = null, fencing_number = null, lease_expires_at = null
     from held where m.id = held.id`,
    [deviceId],
  );
}

interface TakenRow {
  readonly id: string;
  readonly subject: MeasurementSubject;
  readonly fencing_number: number;
  readonly lease_expires_at: Date;
  readonly profile_run_id: string;
  readonly seed: number;
  readonly document: unknown;
}

async function takeLeases(
  tx: Transaction,
  device: DeviceRow,
  target: HardwareTargetRow,
  count: number,
): Promise<(Lease & { runId: string })[]> {
  const [taken] = await tx.query<[TakenRow[], number]>(
    `with waiting as (
       select m.id, m.ordinal, r.created_at, r.seed, v.document
       from measurements m
       join profile_runs r on r.id = m.profile_run_id
       left join space_versions v on v.id = r.space_version_id
       where r.pool_id = $1 and r.target_id = $2 and r.status in ('QUEUED', 'RUNNING')
         and (m.status = 'QUEUED' or (m.status = 'LEASED' and m.lease_expires_at <= now() and m.attempts < ${MAX_ATTEMPTS}))
       order by r.created_at, m.profile_run_id, m.ordinal limit $4
       for update of m skip locked)
     update measurements m set status = 'LEASED', attempts = m.attempts + 1, device_id = $3,
       fencing_number = nextval('lease_fencing'), lease_expires_at = now() + ${LEASE_LIFETIME}
     from waiting w where m.id = w.id
     returning m.id, m.subject, m.fencing_number, m.lease_expires_at, m.profile_run_id, m.ordinal, w.seed, w.document`,
    [device.poolId, device.targetId, device.id, count],
  );
  return taken
    .sort((a, b) => a.fencing_number - b.fencing_number)
    .map((row) => ({
      runId: row.profile_run_id,
      measurementId: row.id,
      fencingNumber: row.fencing_number,
      expiresAt: row.lease_expires_at,
      spaceDocument: row.document,
      subject: row.subject,
      seed: row.seed,
      target,
    }));
}

/** Campaigns that get their first lease are running from now on. */
async function begin(tx: Transaction, runIds: readonly string[]): Promise<Standing[]> {
  if (runIds.length === 0) return [];
  const [begun] = await tx.query<[{ id: string; measurement_count: number }[], number]>(
    `with fresh as (select id from profile_runs where id = any($1) and status = 'QUEUED' order by id for update)
     update profile_runs r set status = 'RUNNING', started_at = now() from fresh where r.id = fresh.id
     returning r.id, r.measurement_count`,
    [[...new Set(runIds)]],
  );
  return begun.map(({ id, measurement_count: total }) => ({ runId: id, status: 'RUNNING', done: 0, total }));
}

/** A steady result was hoped for where an unsteady one is there: that one is taken. Where there is none, it failed. */
async function giveUpExhausted(tx: Transaction, device: DeviceRow): Promise<Standing[]> {
  const [given] = await tx.query<[{ profile_run_id: string }[], number]>(
    `with lost as (
       select m.id from measurements m join profile_runs r on r.id = m.profile_run_id
       where r.pool_id = $1 and r.target_id = $2 and r.status in ('QUEUED', 'RUNNING')
         and m.status = 'LEASED' and m.lease_expires_at <= now() and m.attempts >= ${MAX_ATTEMPTS}
       order by m.id for update of m skip locked)
     update measurements m set
       status = case when m.floor_ms is null then 'FAILED' else 'DONE' end::measurement_status,
       error = case when m.floor_ms is null
         then coalesce(m.error, 'No result came within the lease, ' || m.attempts || ' times.') end
     from lost where m.id = lost.id returning m.profile_run_id`,
    [device.poolId, device.targetId],
  );
  return finishIfComplete(
    tx,
    given.map((row) => row.profile_run_id),
  );
}

/** Whether a device is measuring an uploaded model just now. */
export function isMeasuringModel(tx: Transaction, deviceId: string, modelId: string): Promise<boolean> {
  return tx
    .query<unknown[]>(
      `select 1 from measurements m join profile_runs r on r.id = m.profile_run_id
       where r.model_id = $2 and r.status in ('QUEUED', 'RUNNING')
         and m.device_id = $1 and m.status = 'LEASED' and m.lease_expires_at > now() limit 1`,
      [deviceId, modelId],
    )
    .then((rows) => rows.length > 0);
}

/** Whether a device is measuring just now in a space that has an uploaded model, by its SHA-256, among its blocks. */
export function isMeasuringBlock(tx: Transaction, deviceId: string, contentHash: Buffer): Promise<boolean> {
  return tx
    .query<unknown[]>(
      `select 1 from measurements m join profile_runs r on r.id = m.profile_run_id
       join space_version_blocks b on b.space_version_id = r.space_version_id
       where b.content_hash = $2 and r.status in ('QUEUED', 'RUNNING')
         and m.device_id = $1 and m.status = 'LEASED' and m.lease_expires_at > now() limit 1`,
      [deviceId, contentHash],
    )
    .then((rows) => rows.length > 0);
}
