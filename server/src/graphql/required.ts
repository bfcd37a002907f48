import { notFound } from '../platform/errors.js';
import type { RequestContext } from './context.js';
import type { NodeType } from './node-ids.js';
import type { NodeRows } from './node-rows.js';

/** The row that an edge leads to; NOT_FOUND when the caller may not see it. */
export async function required<T extends NodeType>(
  ctx: RequestContext,
  type: T,
  uuid: string,
): Promise<NodeRows[T]> {
  const row = await ctx.load(type, uuid);
  if (!row) throw notFound(type);
  return row;
}
