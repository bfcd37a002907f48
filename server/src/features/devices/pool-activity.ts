import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestContext } from '../../graphql/context.js';
import { notFound } from '../../platform/errors.js';
import { DeviceEntity, PoolEntity, type DeviceRow, type PoolRow } from './entities.js';

/** How often a pool is looked at for a listener: agents say what they do every ten seconds. */
const LOOK_MS = 2_000;

export interface PoolStanding {
  readonly pool: PoolRow;
  readonly devices: DeviceRow[];
  readonly at: string;
}

/**
 * What the devices of a pool do, now and whenever that changes. Each look is a read in the caller's scope, so that a right
 * that was withdrawn ends the stream. It looks by itself instead of being told: a pool's two hundred agents would otherwise
 * tell everybody every tenth of a second. Ends when the caller leaves, also while it waits.
 */
export function poolActivity(
  ctx: RequestContext,
  poolId: string,
): AsyncIterableIterator<{ poolActivity: PoolStanding }> {
  const leaving = new AbortController();
  const steps = changes(ctx, poolId, leaving.signal);
  return {
    next: () => steps.next(),
    async return() {
      leaving.abort();
      await steps.return();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* changes(
  ctx: RequestContext,
  poolId: string,
  signal: AbortSignal,
): AsyncGenerator<{ poolActivity: PoolStanding }, void, undefined> {
  let last = '';
  while (!signal.aborted) {
    const standing = await standingOf(ctx, poolId);
    const now = JSON.stringify(standing.devices.map(whatMatters));
    if (now !== last) yield { poolActivity: standing };
    last = now;
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function standingOf(ctx: RequestContext, poolId: string): Promise<PoolStanding> {
  return ctx.read(async (tx) => {
    const pool = await tx.getRepository(PoolEntity).findOneBy({ id: poolId });
    if (!pool) throw notFound('Pool');
    const devices = await tx
      .getRepository(DeviceEntity)
      .find({ where: { poolId }, order: { name: 'ASC' }, take: 500 });
    return { pool, devices, at: new Date().toISOString() };
  });
}

/** That a device was heard from again is no change; that it no longer is, is one. */
const whatMatters = ({
  id,
  name,
  activity,
  servingTeamId,
  servingSince,
  quarantinedAt,
  lastSeenAt,
}: DeviceRow) => [
  id,
  name,
  activity,
  servingTeamId,
  servingSince,
  quarantinedAt,
  lastSeenAt !== null && Date.now() - lastSeenAt.getTime() < 60_000,
];
