import type { RequestContext } from '../../graphql/context.js';
import type { HeartbeatInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedText } from '../../graphql/input-checks.js';
import { authoriseAgent } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import { MAX_LEASES, renewLeases } from '../profiles/leases.js';
import { PAUSE_COLUMNS, pauseOf, type PauseColumns } from './availability.js';
import { DeviceEntity, type DeviceRow } from './entities.js';

/**
 * Says that the device is there and what it does, renews its leases, and tells which of them it has lost and whether it
 * should finish and idle.
 */
export async function heartbeat(
  ctx: RequestContext,
  { activity, fencingNumbers = [] }: HeartbeatInput,
): Promise<{ device: DeviceRow; lostFencingNumbers: number[]; pause: string | null }> {
  const { deviceId } = authoriseAgent(ctx);
  const words = activity == null ? null : checkedText('input.activity', activity, 0, 200) || null;
  checkedCount('input.fencingNumbers', fencingNumbers, 0, MAX_LEASES);
  return ctx.read(async (tx) => {
    const lostFencingNumbers = await renewLeases(tx, deviceId, fencingNumbers);
    await tx.query('update devices set last_seen_at = now(), activity = $2 where id = $1', [deviceId, words]);
    const pause = await pauseOfDevice(tx, deviceId);
    return { device: await agentDevice(tx, deviceId), lostFencingNumbers, pause };
  });
}

/** Why a device gets no work; null when it does. */
async function pauseOfDevice(tx: Transaction, id: string): Promise<string | null> {
  const [row] = await tx.query<PauseColumns[]>(`select ${PAUSE_COLUMNS} from devices d where d.id = $1`, [
    id,
  ]);
  return row ? pauseOf(row) : null;
}

/** The device that an agent's token belongs to. */
export async function agentDevice(tx: Transaction, id: string): Promise<DeviceRow> {
  const device = await tx.getRepository(DeviceEntity).findOneBy({ id });
  if (!device) throw notFound('Device');
  return device;
}
