import type { DeviceStatus } from '../../graphql/generated/resolvers.js';
import { perRequest } from '../../graphql/per-request.js';
import { PAUSE_COLUMNS, type PauseColumns } from './availability.js';
import type { DeviceRow } from './entities.js';
import type { RequestContext } from '../../graphql/context.js';

/** A device that was not heard from for this long counts as offline. Agents send a heartbeat every ten seconds. */
const ONLINE_MS = 60_000;

/** How a device stands; what keeps it from working counts before whether it is there. */
export async function statusOf(ctx: RequestContext, device: DeviceRow): Promise<DeviceStatus> {
  if (device.quarantinedAt !== null) return 'QUARANTINED';
  if ((await pauses(ctx, device.id))?.maintenance != null) return 'MAINTENANCE';
  return device.lastSeenAt && Date.now() - device.lastSeenAt.getTime() <= ONLINE_MS ? 'ONLINE' : 'OFFLINE';
}

const pauses = perRequest<PauseColumns>(async (tx, ids) => {
  const rows = await tx.query<(PauseColumns & { id: string })[]>(
    `select d.id, ${PAUSE_COLUMNS} from devices d where d.id = any($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
});
