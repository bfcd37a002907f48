import type { RequestContext } from '../../graphql/context.js';
import { checkedInteger } from '../../graphql/input-checks.js';
import { authoriseAgent } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { availabilityOf } from '../devices/availability.js';
import { endExpired } from './expired-leases.js';
import { finishIfComplete, publish, type Standing } from './finish.js';
import {
  LEASE_LIFETIME,
  spacesOf,
  takeLeases,
  type Lease,
  type LeasedSpace,
  type TakenLease,
} from './take-leases.js';
import { charge, nextTurn, weightOf, type Asking, type Turn } from './turns.js';

/** Most leases that one request asks for or renews. */
export const MAX_LEASES = 200;
const RETRY_AFTER_SECONDS = 2;
/** How often others may take what was just chosen before the agent is asked to come again. */
const MOST_TRIES = 6;

export interface Leasing {
  readonly leases: readonly Lease[];
  readonly spaces: readonly LeasedSpace[];
  /** Why the device gets nothing; null when it gets work. */
  readonly pause: string | null;
  readonly retryAfterSeconds: number;
}

/**
 * Up to `count` measurements for the calling agent: of one target of its device and of one team's campaigns, oldest
 * campaign first. Which team's is decided by turns (turns.ts); a device in maintenance or quarantine gets none. Agents that
 * ask at once get different ones. What was begun too often without a result is given up here.
 *
 * Locks are taken in one order everywhere, so that no two requests wait for each other: measurements by id, devices by
 * id, accounts, campaigns by id. Leasing itself never waits for a measurement. They are locks for changing what is no key:
 * a campaign's end refers to measurements that a late report may just have locked.
 */
export async function leaseMeasurements(
  platform: Platform,
  ctx: RequestContext,
  wanted: number,
): Promise<Leasing> {
  const { deviceId } = authoriseAgent(ctx);
  const count = checkedInteger('input.count', wanted, 1, MAX_LEASES);
  const { leases, spaces, pause, standings } = await ctx.read(async (tx) => {
    const device = await availabilityOf(tx, deviceId);
    if (!device) throw notFound('Device');
    const ended = await endExpired(tx, device.poolId);
    const { leases, turn } = device.pause === null ? await takeTurn(tx, device, count) : NOTHING;
    await serve(tx, deviceId, turn?.teamId ?? null);
    if (turn) await chargeTurn(tx, device, turn, leases.length);
    const fresh = leases.filter(({ fresh }) => fresh).map(({ runId }) => runId);
    const standings = [...(await finishIfComplete(tx, ended)), ...(await begin(tx, fresh))];
    return { leases, spaces: await spacesOf(tx, leases), pause: device.pause, standings };
  });
  await publish(platform, standings);
  return {
    leases: leases.map(({ runId: _run, teamId: _team, fresh: _fresh, ...lease }) => lease),
    spaces,
    pause,
    retryAfterSeconds: leases.length > 0 ? 0 : RETRY_AFTER_SECONDS,
  };
}

interface Taken {
  readonly leases: readonly TakenLease[];
  readonly turn: Turn | null;
}

const NOTHING: Taken = { leases: [], turn: null };

/** Leases of the team whose turn it is. */
async function takeTurn(tx: Transaction, device: Asking, count: number): Promise<Taken> {
  const tried: string[] = [];
  for (let i = 0; i < MOST_TRIES; i++) {
    const turn = await nextTurn(tx, device, tried);
    if (!turn) return NOTHING;
    const leases = await takeLeases(tx, device, turn, withinQuota(count, turn));
    if (leases.length > 0) return { leases, turn };
    // Others that ask at this moment hold all of it.
    tried.push(turn.teamId + turn.fingerprint);
  }
  return NOTHING;
}

/** What is expected of the leases, until the reports say what they took. */
async function chargeTurn(tx: Transaction, device: Asking, turn: Turn, count: number): Promise<void> {
  const deviceMs = count * turn.expectedMs;
  await charge(tx, {
    poolId: device.poolId,
    teamId: turn.teamId,
    deviceId: device.id,
    deviceMs,
    virtualMs: turn.tag - turn.virtualMs + deviceMs / turn.weight,
    servedMs: turn.tag,
    measurements: 0,
    meanMs: null,
    at: null,
  });
}

/** No more than what the day's quota is expected to pay for, and at least one. */
const withinQuota = (count: number, { leftMs, expectedMs }: Turn): number =>
  leftMs === null ? count : Math.max(1, Math.min(count, Math.floor(leftMs / expectedMs)));

async function serve(tx: Transaction, deviceId: string, teamId: string | null): Promise<void> {
  await tx.query(
    `update devices set last_seen_at = now(), serving_team_id = $2,
       serving_since = case when $2::uuid is null then null when serving_team_id = $2 then coalesce(serving_since, now()) else now() end
     where id = $1`,
    [deviceId, teamId],
  );
}

/** Campaigns that get their first lease are running from now on. */
async function begin(tx: Transaction, runIds: readonly string[]): Promise<Standing[]> {
  if (runIds.length === 0) return [];
  const [begun] = await tx.query<[{ id: string; measurement_count: number }[], number]>(
    `with fresh as (select id from profile_runs where id = any($1) and status = 'QUEUED' order by id for no key update)
     update profile_runs r set status = 'RUNNING', started_at = now() from fresh where r.id = fresh.id
     returning r.id, r.measurement_count`,
    [[...new Set(runIds)]],
  );
  return begun.map(({ id, measurement_count: total }) => ({ runId: id, status: 'RUNNING', done: 0, total }));
}

/**
 * Renews the device's leases with these numbers and returns the numbers of those that it no longer has: all of them when it
 * is in quarantine.
 */
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
         and exists (select from devices d where d.id = $1 and d.quarantined_at is null)
       order by m.id for no key update of m)
     update measurements m set lease_expires_at = now() + ${LEASE_LIFETIME}
     from held where m.id = held.id and m.lease_expires_at > now() returning m.fencing_number`,
    [deviceId, fencingNumbers],
  );
  const kept = new Set(renewed.map((row) => row.fencing_number));
  return [...new Set(fencingNumbers)].filter((number) => !kept.has(number));
}

/**
 * Takes a device's leases away: what it was measuring waits again, and is not charged. The transaction must see the pool
 * (`openPool`), and hold none of its devices' rows yet.
 */
export async function releaseLeases(tx: Transaction, deviceId: string): Promise<void> {
  const [released] = await tx.query<
    [{ poolId: string; teamId: string; at: Date; expectedMs: number }[], number]
  >(
    `with held as (
       select id, leased_at, expected_ms from measurements where device_id = $1 and status = 'LEASED' order by id for no key update)
     update measurements m set status = 'QUEUED', device_id = null, fencing_number = null, lease_expires_at = null,
       leased_at = null, expected_ms = null
     from held where m.id = held.id
     returning m.pool_id as "poolId", m.team_id as "teamId", held.leased_at as at, coalesce(held.expected_ms, 0) as "expectedMs"`,
    [deviceId],
  );
  await giveBack(tx, deviceId, released);
}

/** What was charged for leases that came to nothing through no fault of their team. */
async function giveBack(
  tx: Transaction,
  deviceId: string,
  released: readonly { poolId: string; teamId: string; at: Date; expectedMs: number }[],
): Promise<void> {
  for (const teamId of [...new Set(released.map((row) => row.teamId))].sort()) {
    const rows = released.filter((row) => row.teamId === teamId);
    const [first] = rows;
    if (!first) continue;
    const deviceMs = -rows.reduce((sum, row) => sum + row.expectedMs, 0);
    const weight = await weightOf(tx, first.poolId, teamId);
    const account = { poolId: first.poolId, teamId, deviceId, deviceMs, virtualMs: deviceMs / weight };
    await charge(tx, { ...account, servedMs: null, measurements: 0, meanMs: null, at: first.at });
  }
}
