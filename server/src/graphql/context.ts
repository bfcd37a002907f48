import type { Scope, TeamId, InScope } from '../platform/database/tenancy.js';
import type { Role, Scope as TokenScope } from './generated/resolvers.js';

/** Who asks. The team was checked against memberships or the token before this was made. */
export type Principal =
  | { readonly kind: 'VISITOR' }
  | { readonly kind: 'USER'; readonly userId: string; readonly sessionHash: string; readonly teamId: TeamId | null; readonly role: Role | null }
  | { readonly kind: 'TOKEN'; readonly tokenId: string; readonly teamId: TeamId; readonly role: Role; readonly scopes: readonly TokenScope[] }
  | { readonly kind: 'AGENT'; readonly tokenId: string; readonly teamId: TeamId; readonly deviceId: string };

/** What every resolver gets. Services take `principal` and a transaction; they never see HTTP. */
export interface RequestContext {
  readonly requestId: string;
  readonly principal: Principal;
  /** What this caller's transactions may see. */
  readonly scope: Scope;
  readonly inScope: InScope;
  /** Runs `work` in this caller's own scope. */
  readonly read: <T>(work: (tx: import('../platform/database/tenancy.js').Transaction) => Promise<T>) => Promise<T>;
}
