import DataLoader from 'dataloader';
import type { RequestContext } from '../../graphql/context.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { DeviceProfileEntity, type DeviceProfileRow } from './entities.js';

/** How many measurements of a campaign are done, failed, and done but unsteady. */
export interface RunCounts {
  readonly done: number;
  readonly failed: number;
  readonly unstable: number;
}

/** Counts of a campaign, batched over the request. */
export const runCounts = perRequest<RunCounts>(async (tx, ids) => {
  const rows = await tx.query<(RunCounts & { id: string })[]>(
    `select profile_run_id as id, count(*) filter (where status = 'DONE')::int as done,
       count(*) filter (where status = 'FAILED')::int as failed,
       count(*) filter (where status = 'DONE' and unstable_reason is not null)::int as unstable
     from measurements where profile_run_id = any($1) group by profile_run_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
});

/** The profile that a campaign ended in, batched over the request. */
export const profileOfRun = perRequest<DeviceProfileRow>(async (tx, ids) => {
  const rows = await tx
    .getRepository(DeviceProfileEntity)
    .createQueryBuilder('profile')
    .where('profile.profileRunId = any(:ids)', { ids })
    .getMany();
  return new Map(rows.flatMap((row) => (row.profileRunId ? [[row.profileRunId, row] as const] : [])));
});

/** A measurement's samples: large, so they are read only for those who ask. */
export const roundsOf = perRequest<number[][]>(async (tx, ids) => {
  const rows = await tx.query<{ id: string; rounds: number[][] }[]>(
    'select id, rounds from measurements where id = any($1) and rounds is not null',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.rounds]));
});

type ReadByKey<V> = (tx: Transaction, keys: string[]) => Promise<ReadonlyMap<string, V>>;

/** A loader for each request, so that nothing that one caller may see reaches another. */
function perRequest<V>(readByKey: ReadByKey<V>): (ctx: RequestContext, key: string) => Promise<V | null> {
  const loaders = new WeakMap<RequestContext, DataLoader<string, V | null>>();
  return (ctx, key) => {
    let loader = loaders.get(ctx);
    if (!loader) {
      loader = new DataLoader(async (keys) => {
        const found = await ctx.read((tx) => readByKey(tx, [...keys]));
        return keys.map((each) => found.get(each) ?? null);
      });
      loaders.set(ctx, loader);
    }
    return loader.load(key);
  };
}
