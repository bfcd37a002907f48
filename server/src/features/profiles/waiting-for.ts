import type { RequestContext } from '../../graphql/context.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { PAUSE_COLUMNS, pauseOf, type PauseColumns } from '../devices/availability.js';
import type { ProfileRunRow } from './entities.js';

/**
 * Why nothing of a live campaign is being measured, in words; null when something is, or when only its turn is missing.
 * Read in the team's own scope: it says nothing of other teams' campaigns.
 */
export async function waitingFor(ctx: RequestContext, run: ProfileRunRow): Promise<string | null> {
  if ((run.status !== 'QUEUED' && run.status !== 'RUNNING') || run.openCount === 0) return null;
  return ctx.read(async (tx) => {
    if (await isBeingMeasured(tx, run.id)) return null;
    return (await ofGrant(tx, run)) ?? ofDevices(tx, run);
  });
}

async function isBeingMeasured(tx: Transaction, runId: string): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `select 1 from measurements where profile_run_id = $1 and status = 'LEASED' and lease_expires_at > now() limit 1`,
    [runId],
  );
  return rows.length > 0;
}

/** What the team's right to the pool says; null for the owner and for a grant with quota left. */
async function ofGrant(tx: Transaction, { poolId, teamId }: ProfileRunRow): Promise<string | null> {
  const [pool] = await tx.query<{ team_id: string }[]>('select team_id from pools where id = $1', [poolId]);
  if (!pool) return 'The grant of the pool has ended: nothing more is measured unless it is granted again.';
  if (pool.team_id === teamId) return null;
  const [grant] = await tx.query<{ quota: number | null; used: number | null }[]>(
    `select g.quota_seconds as quota,
       (select sum(u.device_ms) / 1000 from pool_usage u where u.pool_id = g.pool_id and u.team_id = g.grantee_id
          and u.day = (now() at time zone 'utc')::date) as used
     from pool_grants g where g.pool_id = $1 and g.grantee_id = $2 and g.revoked_at is null`,
    [poolId, teamId],
  );
  if (grant?.quota == null || (grant.used ?? 0) < grant.quota) return null;
  return `The day’s quota of ${Math.round(grant.quota)} device-seconds is spent: it goes on at midnight UTC.`;
}

interface PoolDevice extends PauseColumns {
  readonly name: string;
  readonly online: boolean;
}

async function ofDevices(
  tx: Transaction,
  { poolId, targetFingerprint }: ProfileRunRow,
): Promise<string | null> {
  const devices = await tx.query<PoolDevice[]>(
    `select d.name, coalesce(d.last_seen_at > now() - interval '1 minute', false) as online, ${PAUSE_COLUMNS}
     from devices d join device_targets t on t.device_id = d.id
     where t.pool_id = $1 and t.fingerprint = $2 order by d.name`,
    [poolId, targetFingerprint],
  );
  if (devices.length === 0) return 'No device of the pool measures for this target any more.';
  const online = devices.filter((device) => device.online);
  if (online.length === 0) return 'No device of this target is online.';
  const pauses = online.map((device) => ({ name: device.name, pause: pauseOf(device) }));
  if (pauses.some(({ pause }) => pause === null)) return null;
  const [first] = pauses;
  const others = pauses.length - 1;
  return `${first?.name ?? ''}: ${first?.pause ?? ''}${others > 0 ? `; ${others} more are paused` : ''}.`;
}
