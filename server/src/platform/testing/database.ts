import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { createApp, type App } from '../../app.js';
import { readConfig } from '../../config.js';
import { requestContext, type Principal, type RequestContext } from '../../graphql/context.js';
import { scopesOf } from '../authorise.js';
import { ensureLoginRoles, type LoginUrls } from '../database/login-roles.js';
import { migrate } from '../database/migrate.js';
import type { TeamId } from '../database/tenancy.js';

const SECRET = 'a secret that only tests know, long enough';

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
  const server = process.env['ESPALIER_TEST_DATABASE_URL'];
  if (!server)
    throw new Error('ESPALIER_TEST_DATABASE_URL is not set: run the tests through vitest at the root.');
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const ownerUrl = url.toString();
  await migrate(ownerUrl);
  const urls = await ensureLoginRoles(ownerUrl, SECRET);
  const dataDir = mkdtempSync(join(tmpdir(), 'espalier-test-'));
  const config = readConfig({
    ESPALIER_DATA: dataDir,
    ESPALIER_SECRET: SECRET,
    DATABASE_URL: ownerUrl,
    LOG_LEVEL: 'silent',
    ESPALIER_DATABASE_CONNECTIONS: '5',
  });
  const app = await createApp(config, urls, pino({ level: 'silent' }));
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
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
    ownerUrl,
    urls,
    visitor: contextOf({ kind: 'VISITOR' }),
    contextOf,
    async team(slug = `team-${randomUUID().slice(0, 8)}`) {
      const teamId = randomUUID() as TeamId;
      const userId = randomUUID();
      await owner.query('insert into teams (id, slug, name) values ($1, $2, $2)', [teamId, slug]);
      await owner.query(`insert into users (id, email, name, password_hash) values ($1, $2, $3, 'none')`, [
        userId,
        `${slug}@test.example`,
        slug,
      ]);
      await owner.query(`insert into memberships (team_id, user_id, role) values ($1, $2, 'OWNER')`, [
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
    sql: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      (await owner.query(text, [...parameters])).rows as Row[],
    async close() {
      await app.close();
      await owner.end();
      await admin.query(`drop database ${name} with (force)`);
      for (const role of [`espalier_app_${name}`, `espalier_queue_${name}`])
        await admin.query(`drop role if exists ${role}`);
      await admin.end();
      if (existsSync(dataDir)) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
