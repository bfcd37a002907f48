import { makeExecutableSchema } from '@graphql-tools/schema';
import { pino, type Logger } from 'pino';
import { teamsFeature } from '../features/teams/index.js';
import type { NodeReaders } from '../graphql/feature.js';
import type { Resolvers } from '../graphql/generated/resolvers.js';
import { typeDefs } from '../graphql/generated/type-defs.js';
import { rootResolvers } from '../graphql/root.js';
import { scalars } from '../graphql/scalars.js';
import { budget } from '../platform/budget.js';
import { connectDatabase } from '../platform/database/connect.js';
import { httpServer } from '../platform/http/server.js';
import { bareDatabase, type BareDatabase } from '../platform/testing/bare-database.js';
import { mintToken, type MintedToken, type SecretKind } from '../platform/tokens.js';
import { postTo, type Post } from './post.js';

export interface TestServer {
  readonly bare: BareDatabase;
  readonly url: string;
  readonly post: Post;
  /** A session of the person. */
  session(userId: string, expires?: string): Promise<string>;
  /** A token of the team. */
  token(teamId: string, columns?: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

/** The HTTP face over people and teams alone, and what else a test brings, on a database of its own. */
export async function testServer({
  resolvers = {},
  points = { limit: 1_000_000, restoreRate: 1_000_000 },
  log = pino({ level: 'silent' }),
  databaseServer,
}: {
  resolvers?: Resolvers;
  points?: { limit: number; restoreRate: number };
  log?: Logger;
  /** A superuser's address; the test run's server when unset. */
  databaseServer?: string;
} = {}): Promise<TestServer> {
  const bare = await bareDatabase(databaseServer);
  const nodes = (): NodeReaders => teams.nodes;
  const teams = teamsFeature(nodes);
  const database = await connectDatabase({
    url: bare.urls.app,
    entities: teams.entities,
    connections: 5,
    statementTimeoutMs: 5_000,
  });
  const limits = budget(points.limit, points.restoreRate);
  const http = await httpServer({
    schema: makeExecutableSchema({
      typeDefs,
      resolvers: [scalars as Resolvers, rootResolvers(limits), teams.resolvers, resolvers],
    }),
    nodes: teams.nodes,
    inScope: database.inScope,
    budget: limits,
    log,
    bodyLimitBytes: 8_000_000,
    allowedOrigins: ['https://allowed.example'],
    trustedProxies: ['loopback'],
    isReady: database.isReady,
  });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    bare,
    url,
    post: postTo(`${url}/graphql`),
    async session(userId, expires = '1 day') {
      const { secret, hash } = mintToken('SESSION');
      await bare.sql(
        'insert into sessions (user_id, secret_hash, expires_at) values ($1, $2, now() + $3::interval)',
        [userId, hash, expires],
      );
      return secret;
    },
    async token(teamId, columns = {}) {
      const kind = (columns['kind'] ?? 'API') as SecretKind;
      const { secret, prefix, hash }: MintedToken = mintToken(kind);
      const row: Readonly<Record<string, unknown>> = {
        team_id: teamId,
        kind,
        name: 'test',
        prefix,
        secret_hash: hash,
        scopes: ['TEAM_READ', 'TEAM_ADMIN'],
        role: 'ADMIN',
        ...columns,
      };
      const names = Object.keys(row);
      await bare.sql(
        `insert into tokens (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
        Object.values(row),
      );
      return secret;
    },
    async close() {
      await http.close();
      await database.close();
      await bare.close();
    },
  };
}
