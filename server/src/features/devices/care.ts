import type { RequestContext } from '../../graphql/context.js';
import { checkedText } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { openPool, type Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import { releaseLeases } from '../profiles/leases.js';
import { DeviceEntity, type DeviceRow, type PoolRow } from './entities.js';
import { ownPool } from './pools.js';

/** Takes a device out with a reason: its leases go to others, and it gets none until it is released. */
export async function quarantineDevice(
  ctx: RequestContext,
  { deviceId, reason }: { readonly deviceId: string; readonly reason: string },
): Promise<DeviceRow> {
  const words = checkedText('input.reason', reason, 1, 200);
  return withOwnDevice(ctx, deviceId, 'quarantineDevice', { reason: words }, async (tx, { id, poolId }) => {
    await giveUpLeases(tx, id, poolId);
    await tx.query(
      `update devices set quarantined_at = coalesce(quarantined_at, now()), quarantine_reason = $2,
         quarantined_by_server = false, serving_team_id = null, serving_since = null
       where id = $1`,
      [id, words],
    );
    return tx.getRepository(DeviceEntity).findOneByOrFail({ id });
  });
}

/**
 * Puts a device back. Whoever does this has looked at it: what it reads of the reference network from now on is what it
 * is compared with. Releasing one that is not in quarantine changes nothing else.
 */
export async function releaseDevice(ctx: RequestContext, deviceId: string): Promise<DeviceRow> {
  return withOwnDevice(ctx, deviceId, 'releaseDevice', {}, async (tx, { id }) => {
    await tx.query(
      `update devices set quarantined_at = null, quarantine_reason = null, quarantined_by_server = false, refuted_failures = 0
       where id = $1`,
      [id],
    );
    await tx.query('delete from device_references where device_id = $1', [id]);
    return tx.getRepository(DeviceEntity).findOneByOrFail({ id });
  });
}

/** Removes a device with its token; its leases go to others, its results stay. */
export async function removeDevice(ctx: RequestContext, deviceId: string): Promise<PoolRow> {
  return withOwnDevice(ctx, deviceId, 'removeDevice', {}, async (tx, { id, poolId, teamId }) => {
    await giveUpLeases(tx, id, poolId);
    await tx.query('delete from devices where id = $1', [id]);
    return ownPool(tx, teamId, poolId);
  });
}

/** The leases may be of other teams' campaigns, which the owner sees for this moment and for this alone. */
async function giveUpLeases(tx: Transaction, deviceId: string, poolId: string): Promise<void> {
  await openPool(tx, poolId);
  await releaseLeases(tx, deviceId);
}

async function withOwnDevice<T>(
  ctx: RequestContext,
  globalId: string,
  action: string,
  detail: Readonly<Record<string, unknown>>,
  work: (tx: Transaction, device: DeviceRow) => Promise<T>,
): Promise<T> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const id = uuidOf('Device', globalId, 'input.deviceId');
  return ctx.read(async (tx) => {
    const device = await tx.getRepository(DeviceEntity).findOneBy({ id, teamId });
    if (!device) throw notFound('Device');
    const result = await work(tx, device);
    await audit(tx, {
      teamId,
      actor: actorOf(ctx.principal),
      action,
      subject: id,
      detail: { name: device.name, ...detail },
    });
    return result;
  });
}
