import DataLoader from 'dataloader';
import type { InScope, Scope, TeamId, Transaction } from '../platform/database/tenancy.js';
import type { NodeReaders, RowsById } from './feature.js';
import type { Role, Scope as TokenScope } from './generated/resolvers.js';
import type { NodeType } from './node-ids.js';
import type { NodeRows } from './node-rows.js';

/** Who asks. The team was checked against memberships or the token before this was made. */
export type Principal =
  | { readonly kind: 'VISITOR' }
  | {
      readonly kind: 'USER';
      readonly userId: string;
      readonly sessionId: string;
      readonly teamId: TeamId | null;
      readonly role: Role | null;
    }
  | {
      readonly kind: 'TOKEN';
      readonly tokenId: string;
      readonly teamId: TeamId;
      readonly role: Role;
      readonly scopes: readonly TokenScope[];
    }
  | {
      readonly kind: 'AGENT';
      readonly tokenId: string;
      /** The team that owns the pool; what is measured may be another's. */
      readonly teamId: TeamId;
      readonly deviceId: string;
      readonly poolId: string;
    };

/** What every resolver gets. Services take this and a transaction; they never see HTTP. */
export interface RequestContext {
  readonly requestId: string;
  readonly principal: Principal;
  /** Address of the caller, for throttling. */
  readonly address: string;
  /** What this caller's transactions may see. */
  readonly scope: Scope;
  readonly inScope: InScope;
  /** Runs `work` in one transaction of this caller's scope. */
  readonly read: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
  /** A row by UUID, batched over the request; null when missing or invisible. */
  readonly load: <T extends NodeType>(type: T, uuid: string) => Promise<NodeRows[T] | null>;
}

export interface ContextParts {
  readonly requestId: string;
  readonly principal: Principal;
  readonly address: string;
  readonly inScope: InScope;
  readonly nodes: NodeReaders;
}

export function requestContext({
  requestId,
  principal,
  address,
  inScope,
  nodes,
}: ContextParts): RequestContext {
  const scope = scopeOf(principal);
  const read = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => inScope(scope, work);
  const loaders = new Map<NodeType, DataLoader<string, unknown>>();
  const loaderOf = (type: NodeType): DataLoader<string, unknown> => {
    let loader = loaders.get(type);
    if (!loader) {
      const rowsById = nodes[type] as RowsById<unknown> | undefined;
      if (!rowsById) throw new Error(`No feature reads ${type}.`);
      loader = new DataLoader((uuids) => read((tx) => rowsById(tx, uuids)), { maxBatchSize: 500 });
      loaders.set(type, loader);
    }
    return loader;
  };
  return {
    requestId,
    principal,
    address,
    scope,
    inScope,
    read,
    load: <T extends NodeType>(type: T, uuid: string) =>
      loaderOf(type).load(uuid) as Promise<NodeRows[T] | null>,
  };
}

function scopeOf(principal: Principal): Scope {
  switch (principal.kind) {
    case 'VISITOR':
      return {};
    case 'USER':
      return { userId: principal.userId, teamId: principal.teamId ?? undefined };
    case 'TOKEN':
      return { teamId: principal.teamId };
    case 'AGENT':
      return { teamId: principal.teamId, poolId: principal.poolId };
  }
}
