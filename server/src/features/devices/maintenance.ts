import type { RequestContext } from '../../graphql/context.js';
import type { ScheduleMaintenanceInput } from '../../graphql/generated/resolvers.js';
import { checkedText } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import {
  DeviceEntity,
  MaintenanceWindowEntity,
  type MaintenanceWindowRow,
  type PoolRow,
} from './entities.js';
import { ownPool } from './pools.js';

const LONGEST_MS = 366 * 24 * 3_600_000;
/** Windows of a pool that have not ended: a list that a page shows whole. */
const MOST_WINDOWS = 100;

/**
 * Plans a window in which a pool, or one device of it, gets no work; what is being measured when it begins is finished.
 * CONFLICT when the pool has too many windows ahead.
 */
export async function scheduleMaintenance(
  ctx: RequestContext,
  { idempotencyKey: key, ...input }: ScheduleMaintenanceInput,
): Promise<MaintenanceWindowRow> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const poolId = uuidOf('Pool', input.poolId, 'input.poolId');
  const deviceId = input.deviceId == null ? null : uuidOf('Device', input.deviceId, 'input.deviceId');
  const reason = checkedText('input.reason', input.reason, 1, 200);
  const { startsAt, endsAt } = checkedWindow(new Date(input.startsAt), new Date(input.endsAt));
  return ctx.read(async (tx) => {
    const call = { teamId, operation: 'scheduleMaintenance', key, input };
    const { result: id } = await idempotent(tx, call, async () => {
      await ownPool(tx, teamId, poolId);
      if (deviceId && !(await tx.getRepository(DeviceEntity).existsBy({ id: deviceId, teamId, poolId })))
        throw notFound('Device');
      if ((await windowsOf(tx, poolId)).length >= MOST_WINDOWS)
        throw new EspalierError('CONFLICT', `The pool has ${MOST_WINDOWS} windows ahead of it already.`, {
          field: 'input.poolId',
        });
      const [made] = await tx.query<{ id: string }[]>(
        `insert into maintenance_windows (team_id, pool_id, device_id, starts_at, ends_at, reason)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [teamId, poolId, deviceId, startsAt, endsAt, reason],
      );
      if (!made) throw new Error('The window was not stored.');
      await audit(tx, {
        teamId,
        actor: actorOf(ctx.principal),
        action: 'scheduleMaintenance',
        subject: made.id,
        detail: { poolId, deviceId, startsAt, endsAt, reason },
      });
      return made.id;
    });
    const window = await tx.getRepository(MaintenanceWindowEntity).findOneBy({ id, teamId });
    if (!window) throw notFound('MaintenanceWindow');
    return window;
  });
}

/** Takes a window back: the devices get work again, also when it has begun. */
export async function cancelMaintenance(ctx: RequestContext, maintenanceId: string): Promise<PoolRow> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const id = uuidOf('MaintenanceWindow', maintenanceId, 'input.maintenanceId');
  return ctx.read(async (tx) => {
    const windows = tx.getRepository(MaintenanceWindowEntity);
    const window = await windows.findOneBy({ id, teamId });
    if (!window) throw notFound('MaintenanceWindow');
    await windows.delete({ id });
    await audit(tx, {
      teamId,
      actor: actorOf(ctx.principal),
      action: 'cancelMaintenance',
      subject: id,
      detail: { poolId: window.poolId },
    });
    return ownPool(tx, teamId, window.poolId);
  });
}

/** Windows of a pool that have not ended, by their beginning. */
export function windowsOf(tx: Transaction, poolId: string): Promise<MaintenanceWindowRow[]> {
  return tx
    .getRepository(MaintenanceWindowEntity)
    .createQueryBuilder('w')
    .where('w.pool_id = :poolId and w.ends_at > now()', { poolId })
    .orderBy('w.starts_at')
    .addOrderBy('w.id')
    .getMany();
}

function checkedWindow(startsAt: Date, endsAt: Date): { startsAt: Date; endsAt: Date } {
  if (endsAt.getTime() <= startsAt.getTime())
    throw badInput('input.endsAt', 'input.endsAt is not after input.startsAt.');
  if (endsAt.getTime() <= Date.now()) throw badInput('input.endsAt', 'input.endsAt is in the past.');
  if (endsAt.getTime() - startsAt.getTime() > LONGEST_MS)
    throw badInput('input.endsAt', 'The window is longer than a year: remove the device instead.');
  return { startsAt, endsAt };
}
