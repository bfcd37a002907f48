import { badInput } from '../platform/errors.js';
import type { Budget } from '../platform/budget.js';
import { callerOf } from '../platform/http/operation-limits.js';
import type { RequestContext } from './context.js';
import type { Resolvers } from './generated/resolvers.js';
import { fromGlobalId, type NodeType } from './node-ids.js';

/** The fields that belong to no feature: node, nodes, rateLimit. */
export function rootResolvers(budget: Budget): Resolvers {
  return {
    Node: { __resolveType: (node) => (node as unknown as Tagged)[TYPE] },
    Query: {
      node: (_root, { id }, ctx) => nodeOf(ctx, id),
      nodes: (_root, { ids }, ctx) => {
        if (ids.length > 100) throw badInput('ids', 'At most 100 ids at a time.');
        return Promise.all(ids.map((id) => nodeOf(ctx, id)));
      },
      rateLimit: (_root, _args, ctx) => ({
        limit: budget.limit,
        remaining: budget.left(callerOf(ctx)),
        restoreRate: budget.restoreRate,
      }),
    },
  };
}

/** Rows do not say which type they are; the id they were asked by does. */
const TYPE = Symbol('GraphQL type');
interface Tagged {
  [TYPE]: NodeType;
}

async function nodeOf(ctx: RequestContext, id: string): Promise<never> {
  const parsed = fromGlobalId(id);
  const row = parsed && (await ctx.load(parsed.type, parsed.uuid));
  // The generated type is the union of all rows; which one it is was decided by the id.
  return (
    parsed && row ? Object.assign(Object.create(row) as object, { [TYPE]: parsed.type }) : null
  ) as never;
}
