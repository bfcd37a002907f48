import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import {
  connectionOf,
  keysetSql,
  pageOf,
  type Connection,
  type PageArguments,
} from '../../graphql/connections.js';
import { listRows, NEWEST_FIRST } from '../../graphql/listing.js';
import { toGlobalId } from '../../graphql/node-ids.js';
import { requestContext } from '../../graphql/context.js';
import type { NodeReaders } from '../../graphql/feature.js';
import { authorise } from '../../platform/authorise.js';
import { notFound } from '../../platform/errors.js';
import { authenticate } from '../../platform/identity/authenticate.js';
import { MembershipEntity, TeamEntity, TokenEntity, type MembershipRow, type TeamRow } from './entities.js';
import { createTeam, createToken, revokeToken } from './service.js';
import { signIn } from './sign-in.js';

export function teamsResolvers(nodes: () => NodeReaders): Resolvers {
  return {
    Query: {
      viewer: (_root, _args, ctx) => ctx,
      team: async (_root, { slug }, ctx) => (await ownTeams(ctx)).find((team) => team.slug === slug) ?? null,
    },
    // Its own context, which after signIn is another than the request's.
    Viewer: {
      user: (viewer) =>
        viewer.principal.kind === 'USER' ? viewer.load('User', viewer.principal.userId) : null,
      team: (viewer) => {
        const { principal } = viewer;
        return principal.kind !== 'VISITOR' && principal.teamId
          ? viewer.load('Team', principal.teamId)
          : null;
      },
      role: ({ principal }) =>
        principal.kind === 'USER' || principal.kind === 'TOKEN' ? principal.role : null,
      teams: (viewer) => ownTeams(viewer),
    },
    User: {
      id: (user) => toGlobalId('User', user.id),
      memberships: (user, _args, ctx) =>
        ctx.read((tx) =>
          tx
            .getRepository(MembershipEntity)
            .find({ where: { userId: user.id }, order: { createdAt: 'ASC' } }),
        ),
    },
    Membership: {
      user: async (row, _args, ctx) => (await ctx.load('User', row.userId)) ?? missing('User'),
      team: async (row, _args, ctx) => (await ctx.load('Team', row.teamId)) ?? missing('Team'),
    },
    Team: {
      id: (team) => toGlobalId('Team', team.id),
      members: (team, args, ctx) => members(ctx, team, args),
      tokens: (team, args, ctx) => {
        // Another team's tokens are not even counted: its own list is all that the caller's scope can see.
        if (authorise(ctx, 'TEAM_ADMIN') !== team.id) throw notFound('Team');
        return ctx.read((tx) => listRows(tx, TokenEntity, args, NEWEST_FIRST));
      },
    },
    Token: { id: (token) => toGlobalId('Token', token.id) },
    Mutation: {
      signIn: async (_root, { input }, ctx) => {
        const session = await signIn(ctx.inScope, ctx.address, input.email, input.password);
        const principal = await authenticate(ctx.inScope, {
          authorization: `Bearer ${session.sessionToken}`,
          team: undefined,
        });
        const viewer = requestContext({ ...ctx, principal, nodes: nodes() });
        return { ...session, expiresAt: session.expiresAt.toISOString(), viewer };
      },
      signOut: async (_root, _args, ctx) => {
        const { principal } = ctx;
        if (principal.kind !== 'USER') return { signedOut: false };
        await ctx.read((tx) => tx.query('delete from sessions where id = $1', [principal.sessionId]));
        return { signedOut: true };
      },
      createTeam: async (_root, { input }, ctx) => ({ team: await createTeam(ctx, input) }),
      createToken: (_root, { input }, ctx) => createToken(ctx, input),
      revokeToken: async (_root, { input }, ctx) => ({ token: await revokeToken(ctx, input.tokenId) }),
    },
  };
}

const missing = (what: string): never => {
  throw notFound(what);
};

async function ownTeams(ctx: RequestContext): Promise<TeamRow[]> {
  const { principal } = ctx;
  if (principal.kind === 'VISITOR') return [];
  if (principal.kind !== 'USER') {
    const team = await ctx.load('Team', principal.teamId);
    return team ? [team] : [];
  }
  return ctx.read((tx) =>
    tx
      .getRepository(TeamEntity)
      .createQueryBuilder('team')
      .where('exists (select from memberships m where m.team_id = team.id and m.user_id = app_user())')
      .orderBy('team.slug')
      .getMany(),
  );
}

async function members(
  ctx: RequestContext,
  team: TeamRow,
  args: PageArguments,
): Promise<Connection<MembershipRow>> {
  if (authorise(ctx, 'TEAM_READ') !== team.id) throw notFound('Team');
  const page = pageOf(args, 2);
  const keyset = keysetSql(
    page,
    {
      columns: [
        { name: 'created_at', type: 'timestamptz' },
        { name: 'user_id', type: 'uuid' },
      ],
      descending: false,
    },
    2,
  );
  const rows = await ctx.read((tx) =>
    tx.query<(MembershipRow & { key: string })[]>(
      `select team_id as "teamId", user_id as "userId", role, created_at as "createdAt", created_at::text as key
       from memberships where team_id = $1 and ${keyset.where} order by ${keyset.orderBy}`,
      [team.id, ...keyset.parameters],
    ),
  );
  return connectionOf(rows, page, (row) => [row.key, row.userId]);
}
