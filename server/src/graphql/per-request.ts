import DataLoader from 'dataloader';
import type { Transaction } from '../platform/database/tenancy.js';
import type { RequestContext } from './context.js';

/** Values by key; a key that is missing from the map has none. */
export type ReadByKey<V> = (tx: Transaction, keys: string[]) => Promise<ReadonlyMap<string, V>>;

/**
 * Batches what is read by key over a request, as `ctx.load` does for rows; null where there is nothing. Each request has
 * a loader of its own, so that nothing that one caller may see reaches another.
 */
export function perRequest<V>(
  readByKey: ReadByKey<V>,
): (ctx: RequestContext, key: string) => Promise<V | null> {
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
