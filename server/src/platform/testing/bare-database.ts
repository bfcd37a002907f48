import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { ensureLoginRoles, type LoginUrls } from '../database/login-roles.js';
import { migrate } from '../database/migrate.js';

/** Secret that the passwords of test databases' roles follow from. */
export const TEST_SECRET = 'a secret that only tests know, long enough';

export interface BareDatabase {
  readonly name: string;
  /** Connects as a superuser, past row-level security. */
  readonly ownerUrl: string;
  readonly urls: LoginUrls;
  /** Runs SQL as that superuser. */
  sql<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * A fresh, migrated database with its login roles and no application on it. The server is the one that the test run
 * started (its superuser's address is in ESPALIER_TEST_DATABASE_URL, see test/global-setup.ts) unless another is given.
 */
export async function bareDatabase(server = testServerUrl()): Promise<BareDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const admin = new Client({ connectionString: server });
  // A test may end the server under us.
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const ownerUrl = url.toString();
  await migrate(ownerUrl);
  const urls = await ensureLoginRoles(ownerUrl, TEST_SECRET);
  const owner = new Client({ connectionString: ownerUrl });
  owner.on('error', () => undefined);
  await owner.connect();
  return {
    name,
    ownerUrl,
    urls,
    sql: async <Row>(text: string, parameters: readonly unknown[] = []) =>
      (await owner.query(text, [...parameters])).rows as Row[],
    async close() {
      await owner.end();
      await admin.query(`drop database ${name} with (force)`);
      for (const role of [`espalier_app_${name}`, `espalier_queue_${name}`])
        await admin.query(`drop role if exists ${role}`);
      await admin.end();
    },
  };
}

/** Address of the test run's server. */
export function testServerUrl(): string {
  const url = process.env['ESPALIER_TEST_DATABASE_URL'];
  if (!url)
    throw new Error('ESPALIER_TEST_DATABASE_URL is not set: run the tests through vitest at the root.');
  return url;
}
