import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp, type App } from '../../app.js';
import { readConfig } from '../../config.js';
import { requestContext, type Principal, type RequestContext } from '../../graphql/context.js';
import { scopesOf } from '../authorise.js';
import type { LoginUrls } from '../database/login-roles.js';
import type { TeamId } from '../database/tenancy.js';
import { bareDatabase, TEST_SECRET } from './bare-database.js';

export interface TestDatabase {
  readonly app: App;
  readonly platform: App['platform'];
  /** Connects as the owner, past nothing but grants: row-level security is forced on it too unless it is superuser. */
  readonly ownerUrl: string;
  readonly urls: LoginUrls;
  /** A context of a visitor. */
  readonly visitor: RequestContext;
  /** A new team with one owner, and a context that acts for it. */
  team(name?: string): Promise<{ teamId: TeamId; userId: string; ctx: RequestContext }>;
  /** The context of a given principal. */
  contextOf(principal: Principal): RequestContext;
  /** Runs SQL as the owner. */
  sql<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * A fresh, migrated database with the whole application on it, for one test file. The server is the one that the test
 * run started (its superuser's address is in ESPALIER_TEST_DATABASE_URL, see test/global-setup.ts).
 */
export async function testDatabase(): Promise<TestDatabase> {
  const bare = await bareDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'espalier-test-'));
  const config = readConfig({
    ESPALIER_DATA: dataDir,
    ESPALIER_SECRET: TEST_SECRET,
    DATABASE_URL: bare.ownerUrl,
    LOG_LEVEL: 'silent',
    ESPALIER_DATABASE_CONNECTIONS: '5',
  });
  const app = await createApp(config, bare.urls, pino({ level: 'silent' }));
  const contextOf = (principal: Principal): RequestContext =>
    requestContext({
      requestId: randomUUID(),
      principal,
      address: '127.0.0.1',
      inScope: app.platform.inScope,
      nodes: app.nodes,
    });
  return {
    app,
    platform: app.platform,
    ownerUrl: bare.ownerUrl,
    urls: bare.urls,
    visitor: contextOf({ kind: 'VISITOR' }),
    contextOf,
    async team(slug = `team-${randomUUID().slice(0, 8)}`) {
      const teamId = randomUUID() as TeamId;
      const userId = randomUUID();
      await bare.sql('insert into teams (id, slug, name) values ($1, $2, $2)', [teamId, slug]);
      await bare.sql(`insert into users (id, email, name, password_hash) values ($1, $2, $3, 'none')`, [
        userId,
        `${slug}@test.example`,
        slug,
      ]);
      await bare.sql(`insert into memberships (team_id, user_id, role) values ($1, $2, 'OWNER')`, [
        teamId,
        userId,
      ]);
      const ctx = contextOf({
        kind: 'TOKEN',
        tokenId: randomUUID(),
        teamId,
        role: 'OWNER',
        scopes: scopesOf('OWNER'),
      });
      return { teamId, userId, ctx };
    },
    sql: bare.sql,
    async close() {
      await app.close();
      await bare.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
