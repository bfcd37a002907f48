import type { Transaction } from '../../platform/database/tenancy.js';

/** What the owner's own campaigns count as beside the priorities of its grants. */
export const OWNER_PRIORITY = 5;
/** Device time of a measurement in a pool that has measured nothing yet, milliseconds. */
const FIRST_GUESS_MS = 1_000;
/**
 * How far behind the pool's clock a team may be, virtual milliseconds: what it saves up while it waits for nothing ends
 * here, and a guess that was too high is still made good.
 */
const MOST_CREDIT_MS = 20_000;
/** Rows that a team's account in a pool is spread over, so that agents that ask at once do not wait for one another. */
const SLOTS = 16;

/** Whose turn it is, and for what. */
export interface Turn {
  readonly teamId: string;
  readonly fingerprint: string;
  readonly weight: number;
  /** The team's virtual time at which it is served, milliseconds. */
  readonly tag: number;
  /** What its account says, milliseconds: less than the tag when it has waited for nothing for a while. */
  readonly virtualMs: number;
  /** Device time that one measurement of the team's will take, milliseconds. */
  readonly expectedMs: number;
  /** Device time that its quota leaves today, milliseconds; null: no quota. */
  readonly leftMs: number | null;
}

/** Who asks for work. */
export interface Asking {
  readonly id: string;
  readonly teamId: string;
  readonly poolId: string;
  readonly fingerprints: readonly string[];
  readonly alone: boolean;
}

/** A measurement `m` that waits and that this device (a parameter) has not just failed on while others could try. */
export const WAITS_FOR = (device: string, alone: string): string =>
  `m.status = 'QUEUED' and (m.failed_device_id is distinct from ${device} or ${alone}
     or m.reported_at < now() - interval '5 minutes')`;

const LIVE = `status in ('QUEUED', 'RUNNING')`;

/**
 * The team to serve next in a pool, and the target of its oldest campaign that has something for the device: the team
 * with the least virtual time among those with work, a standing grant and quota left. Virtual time is device time divided
 * by weight, as in start-time fair queueing (Goyal et al. 1996): a team that joins begins at the pool's clock, so that
 * neither saved nor owed time counts, but for a little. A look costs the teams times the logarithm of what they queue.
 * `tried` are team and target together, which had nothing after all.
 */
export async function nextTurn(
  tx: Transaction,
  { id, teamId, poolId, fingerprints, alone }: Asking,
  tried: readonly string[],
): Promise<Turn | null> {
  const [turn] = await tx.query<Turn[]>(
    `with turns as (
       select team_id, sum(virtual_ms) as virtual_ms, max(served_ms) as served_ms, avg(mean_ms) as mean_ms
       from pool_turns where pool_id = $1 group by team_id),
     pool as (select coalesce(max(served_ms), 0) as clock_ms, avg(mean_ms) as mean_ms from turns),
     users as (
       select $2::uuid as team_id, ${OWNER_PRIORITY} as weight, null::float8 as left_ms
       union all
       select g.grantee_id, g.priority, g.quota_seconds * 1000 - coalesce((
         select sum(u.device_ms) from pool_usage u
         where u.pool_id = $1 and u.team_id = g.grantee_id and u.day = (now() at time zone 'utc')::date), 0)
       from pool_grants g
       where g.pool_id = $1 and g.revoked_at is null and (g.expires_at is null or g.expires_at > now()))
     select u.team_id as "teamId", run.target_fingerprint as fingerprint, u.weight, u.left_ms as "leftMs",
       greatest(coalesce(t.virtual_ms, 0), pool.clock_ms - ${MOST_CREDIT_MS}) as tag,
       coalesce(t.virtual_ms, 0) as "virtualMs",
       coalesce(t.mean_ms, pool.mean_ms, ${FIRST_GUESS_MS}) as "expectedMs"
     from users u cross join pool left join turns t on t.team_id = u.team_id
     cross join lateral (
       select r.target_fingerprint from profile_runs r
       where r.pool_id = $1 and r.team_id = u.team_id and r.${LIVE} and r.target_fingerprint = any($3)
         and r.team_id::text || r.target_fingerprint <> all($4)
         and exists (select from measurements m where m.profile_run_id = r.id and ${WAITS_FOR('$5', '$6')})
       order by r.created_at, r.id limit 1) run
     where u.left_ms is null or u.left_ms > 0
     -- Of teams that stand alike, devices that ask at once should not all take one.
     order by tag, random() limit 1`,
    [poolId, teamId, fingerprints, tried, id, alone],
  );
  return turn ?? null;
}

/** Device time that a team had or, when negative, gets back. */
export interface Charge {
  readonly poolId: string;
  readonly teamId: string;
  /** The device that asks: decides the slot. */
  readonly deviceId: string;
  readonly deviceMs: number;
  /** The account moves by this, virtual milliseconds. */
  readonly virtualMs: number;
  /** The team's virtual time when it was served; null when this is no new turn. */
  readonly servedMs: number | null;
  readonly measurements: number;
  /** What one measurement took, milliseconds; null when none is known. */
  readonly meanMs: number | null;
  /** When the time was charged first: its day is charged again. Null: now. */
  readonly at: Date | null;
}

/** Writes device time on a team's account and on the day's use. */
export async function charge(tx: Transaction, entry: Charge): Promise<void> {
  const slot = Number.parseInt(entry.deviceId.slice(0, 2), 16) % SLOTS;
  await tx.query(
    `with turn as (
       insert into pool_turns as t (pool_id, team_id, slot, virtual_ms, served_ms, mean_ms) values ($1, $2, $3, $4, coalesce($5::float8, 0), $6)
       on conflict (pool_id, team_id, slot) do update set virtual_ms = t.virtual_ms + excluded.virtual_ms,
         served_ms = greatest(t.served_ms, excluded.served_ms),
         mean_ms = coalesce(0.8 * t.mean_ms + 0.2 * excluded.mean_ms, excluded.mean_ms, t.mean_ms))
     insert into pool_usage as u (pool_id, team_id, day, slot, device_ms, measurements)
     values ($1, $2, (coalesce($7::timestamptz, now()) at time zone 'utc')::date, $3, $8, $9)
     on conflict (pool_id, day, team_id, slot) do update
       set device_ms = u.device_ms + excluded.device_ms, measurements = u.measurements + excluded.measurements`,
    [
      entry.poolId,
      entry.teamId,
      slot,
      entry.virtualMs,
      entry.servedMs,
      entry.meanMs,
      entry.at,
      entry.deviceMs,
      entry.measurements,
    ],
  );
}

/** What a team counts as in a pool; a grant that has ended leaves the owner's priority. */
export async function weightOf(tx: Transaction, poolId: string, teamId: string): Promise<number> {
  const [grant] = await tx.query<{ priority: number }[]>(
    'select priority from pool_grants where pool_id = $1 and grantee_id = $2 and revoked_at is null',
    [poolId, teamId],
  );
  return grant?.priority ?? OWNER_PRIORITY;
}
