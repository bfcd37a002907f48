import type { RequestContext } from '../graphql/context.js';
import type { Role, Scope } from '../graphql/generated/resolvers.js';
import type { TeamId } from './database/tenancy.js';
import { EspalierError } from './errors.js';

/** The one list of what can be done: the scope a token needs and the lowest role a person needs. */
const ACTIONS = {
  SPACES_WRITE: 'MEMBER',
  PROFILES_WRITE: 'MEMBER',
  SEARCHES_RUN: 'MEMBER',
  DEVICES_WRITE: 'ADMIN',
  TEAM_ADMIN: 'ADMIN',
  SPACES_READ: 'VIEWER',
  PROFILES_READ: 'VIEWER',
  SEARCHES_READ: 'VIEWER',
  DEVICES_READ: 'VIEWER',
  TEAM_READ: 'VIEWER',
} as const satisfies Partial<Record<Scope, Role>>;

export type Action = keyof typeof ACTIONS;

const RANK: Record<Role, number> = { VIEWER: 0, MEMBER: 1, ADMIN: 2, OWNER: 3 };

export const atLeast = (role: Role, needed: Role): boolean => RANK[role] >= RANK[needed];

/** What a role may grant to a token: never more than it may do itself. */
export const scopesOf = (role: Role): Scope[] =>
  (Object.keys(ACTIONS) as Action[]).filter((action) => atLeast(role, ACTIONS[action]));

/** The caller's team, when the caller may do `action` for it: otherwise UNAUTHENTICATED or FORBIDDEN. */
export function authorise({ principal }: Pick<RequestContext, 'principal'>, action: Action): TeamId {
  switch (principal.kind) {
    case 'VISITOR':
      throw new EspalierError('UNAUTHENTICATED', 'Sign in or send a token.');
    case 'AGENT':
      throw new EspalierError('FORBIDDEN', 'An agent may only measure.');
    case 'TOKEN':
      if (!principal.scopes.includes(action) || !atLeast(principal.role, ACTIONS[action]))
        throw new EspalierError('FORBIDDEN', `The token lacks the scope ${action}.`);
      return principal.teamId;
    case 'USER':
      if (!principal.teamId || !principal.role) throw new EspalierError('FORBIDDEN', 'Choose a team first.');
      if (!atLeast(principal.role, ACTIONS[action]))
        throw new EspalierError('FORBIDDEN', `This needs the role ${ACTIONS[action]} in the team.`);
      return principal.teamId;
  }
}

/** The calling agent's device and team; everybody else is refused. */
export function authoriseAgent({ principal }: Pick<RequestContext, 'principal'>): {
  teamId: TeamId;
  deviceId: string;
  poolId: string;
} {
  if (principal.kind === 'VISITOR') throw new EspalierError('UNAUTHENTICATED', 'Send the agent’s token.');
  if (principal.kind !== 'AGENT') throw new EspalierError('FORBIDDEN', 'Only agents may do this.');
  return { teamId: principal.teamId, deviceId: principal.deviceId, poolId: principal.poolId };
}
