import { additivity, LONGEST_MS, predictLatency } from '@espalier/nas/profile';
import { parseEncoding, type SearchSpace } from '@espalier/nas/space';
import type { RequestContext } from '../../graphql/context.js';
import type { ForkProfileInput, ProfileChangeInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedNumber } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { badInput, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import { targetFor } from '../devices/targets.js';
import { SpaceVersionEntity } from '../spaces/entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import {
  DeviceProfileEntity,
  type DeviceProfileRow,
  type Override,
  type StoredLatencyTable,
  type StoredProfileQuality,
} from './entities.js';
import { checkedNote } from './note.js';
import { figuresOf } from './results.js';
import { storeProfile } from './store-profile.js';

/** Entries that may be changed by hand at once: more are a table, which is imported. */
const MOST_CHANGES = 5_000;

/**
 * Copies a visible profile into the caller's team with what it stands on, some entries replaced. What is known of its
 * quality is worked out again from the networks that it was judged by. The copy outlives its parent and any sharing of it.
 */
export async function forkProfile(
  ctx: RequestContext,
  { idempotencyKey: key, note = '', changes = [], deviceProfileId }: ForkProfileInput,
): Promise<DeviceProfileRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const parentId = uuidOf('DeviceProfile', deviceProfileId, 'input.deviceProfileId');
  checkedCount('input.changes', changes, 0, MOST_CHANGES);
  const input = { deviceProfileId, note, changes };
  return ctx.read(async (tx) => {
    const { result: id } = await idempotent(
      tx,
      { teamId, operation: 'forkProfile', key, input },
      async () => {
        const parent = await tx.getRepository(DeviceProfileEntity).findOneBy({ id: parentId });
        if (!parent) throw notFound('DeviceProfile');
        const { table, overrides } = changed(parent, changes);
        const version = await tx
          .getRepository(SpaceVersionEntity)
          .findOneByOrFail({ id: parent.spaceVersionId });
        const { space } = parsedSpace(version);
        const id = await storeProfile(tx, {
          ...parent,
          teamId,
          // A campaign has one profile; the copy names its parent.
          profileRunId: null,
          targetId: await ownTarget(tx, teamId, parent),
          parentId,
          latencyTable: table,
          quality: overrides.length === 0 ? parent.quality : judgedAnew(space, parent.quality, table),
          overrides: [...parent.overrides, ...overrides],
          note: checkedNote('input.note', note),
        });
        const detail = { parentId, changes: overrides.length };
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'forkProfile',
          subject: id,
          detail,
        });
        return id;
      },
    );
    return tx.getRepository(DeviceProfileEntity).findOneByOrFail({ id });
  });
}

function changed(
  { latencyTable }: DeviceProfileRow,
  changes: readonly ProfileChangeInput[],
): { table: StoredLatencyTable; overrides: Override[] } {
  const copy = (table: readonly (readonly number[])[]): number[][] => table.map((layer) => [...layer]);
  const layers = copy(latencyTable.layers);
  const intervalMs = latencyTable.intervalMs && {
    low: copy(latencyTable.intervalMs.low),
    high: copy(latencyTable.intervalMs.high),
  };
  const seen = new Set<string>();
  const overrides = changes.map(({ layer, choice, ms }, at) => {
    const field = `input.changes.${at}`;
    const row = layers[checkedInteger(`${field}.layer`, layer, 0, layers.length - 1)] ?? [];
    const wasMs = row[checkedInteger(`${field}.choice`, choice, 0, row.length - 1)] ?? 0;
    if (seen.has(`${layer} ${choice}`)) throw badInput(field, 'Each entry is changed once.');
    seen.add(`${layer} ${choice}`);
    row[choice] = checkedNumber(`${field}.ms`, ms, 0, LONGEST_MS);
    // A value by hand has no interval of its own.
    for (const side of intervalMs ? [intervalMs.low, intervalMs.high] : []) {
      const sideRow = side[layer];
      if (sideRow) sideRow[choice] = ms;
    }
    return { layer, choice, ms, wasMs };
  });
  return { table: { ...latencyTable, layers, ...(intervalMs ? { intervalMs } : {}) }, overrides };
}

/** The figures of a changed table on the networks that the old one was judged by. */
function judgedAnew(
  space: SearchSpace,
  quality: StoredProfileQuality,
  table: StoredLatencyTable,
): StoredProfileQuality {
  const heldOut = (quality.heldOut ?? []).map((network) => ({
    ...network,
    encoding: parseEncoding(space, network.encoding),
    predictedMs: predictLatency(table, network.encoding),
  }));
  const { mape: additivityMape, ...shares } = figuresOf(additivity(table, heldOut));
  return { ...quality, heldOut, heldOutCount: heldOut.length, additivityMape, ...shares };
}

/** The same target among the team's own. */
async function ownTarget(
  tx: Transaction,
  teamId: TeamId,
  { teamId: owner, targetId }: DeviceProfileRow,
): Promise<string> {
  if (owner === teamId) return targetId;
  const [facts] = await tx.query<Parameters<typeof targetFor>[2][]>(
    'select processor, runtime, provider, "precision", threads, batch from hardware_targets where id = $1',
    [targetId],
  );
  if (!facts) throw notFound('HardwareTarget');
  return targetFor(tx, teamId, facts);
}
