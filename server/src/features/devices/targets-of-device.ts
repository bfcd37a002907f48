import { perRequest } from '../../graphql/per-request.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { HardwareTargetEntity, type HardwareTargetRow } from './entities.js';

/** What a device measures for, in its own order, batched over the request. */
export const targetsOfDevice = perRequest<HardwareTargetRow[]>((tx, ids) =>
  targetsBy(tx, 'device_id', ids, (a, b) => a.ordinal - b.ordinal),
);

/** What the devices of a pool measure for, each once, by name, batched over the request. */
export const targetsOfPool = perRequest<HardwareTargetRow[]>((tx, ids) =>
  targetsBy(tx, 'pool_id', ids, (a, b) => a.target.name.localeCompare(b.target.name)),
);

interface Declared {
  readonly target: HardwareTargetRow;
  readonly ordinal: number;
}

async function targetsBy(
  tx: Transaction,
  column: 'device_id' | 'pool_id',
  ids: readonly string[],
  order: (a: Declared, b: Declared) => number,
): Promise<ReadonlyMap<string, HardwareTargetRow[]>> {
  const declared = await tx.query<{ key: string; id: string; ordinal: number }[]>(
    `select ${column} as key, target_id as id, min(ordinal)::int as ordinal from device_targets
     where ${column} = any($1) group by ${column}, target_id`,
    [ids],
  );
  const rows = await tx
    .getRepository(HardwareTargetEntity)
    .createQueryBuilder('target')
    .where('target.id = any(:ids)', { ids: declared.map(({ id }) => id) })
    .getMany();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = new Map<string, Declared[]>();
  for (const { key, id, ordinal } of declared) {
    const target = byId.get(id);
    if (target) found.set(key, [...(found.get(key) ?? []), { target, ordinal }]);
  }
  return new Map([...found].map(([key, list]) => [key, list.sort(order).map(({ target }) => target)]));
}
