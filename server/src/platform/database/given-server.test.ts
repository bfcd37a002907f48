import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig, type Config } from '../../config.js';
import { openInstallation } from '../../installation.js';
import { testServerUrl } from '../testing/bare-database.js';
import type { LoginUrls } from './login-roles.js';

const log = pino({ level: 'silent' });

/** TEST_DATABASE_URL is a superuser of the server to try; without it the test run's own is treated as a given one. */
const SERVER = process.env['TEST_DATABASE_URL'] ?? testServerUrl();

describe('a given server', () => {
  const name = `given_${randomUUID().slice(0, 8)}`;
  const owner = `owner_${name}`;
  const roles = [`espalier_app_${name}`, `espalier_queue_${name}`, `app_${name}`, owner];
  let dataDir: string;
  let admin: Client;
  let config: Config;
  let urls: LoginUrls;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'espalier-given-'));
    admin = new Client({ connectionString: SERVER });
    await admin.connect();
    // The group roles of one server belong to whoever made them first; here that is this owner or an earlier one.
    await admin.query(`create role ${owner} login createrole password 'owner'`);
    await admin.query(`create database ${name} owner ${owner}`);
    for (const group of ['espalier_app', 'espalier_queue']) {
      const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [group]);
      if (rowCount) await admin.query(`grant ${group} to ${owner} with admin option`);
    }
    const url = new URL(SERVER);
    url.username = owner;
    url.password = 'owner';
    url.pathname = `/${name}`;
    config = readConfig({
      DATABASE_URL: url.toString(),
      ESPALIER_DATA: dataDir,
      ESPALIER_SECRET: 's'.repeat(32),
    });
    urls = (await openInstallation(config, log)).urls;
  });
  afterAll(async () => {
    await admin.query(`drop database if exists ${name} with (force)`);
    // What an owner granted goes before its role.
    for (const role of roles) {
      const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
      if (rowCount) await admin.query(`drop owned by ${role} cascade`);
    }
    for (const role of roles) await admin.query(`drop role if exists ${role}`);
    await admin.end();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function as<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  it('needs no superuser, and gives the same login roles again at the next start and to several at once', async () => {
    const again = await Promise.all([1, 2, 3].map(() => openInstallation(config, log)));
    for (const installation of again) expect(installation.urls).toEqual(urls);
  });

  it('connects the application as a role that owns nothing and may do nothing beyond rows', async () => {
    await as(urls.app, async (client) => {
      const { rows } = await client.query(
        `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
           (select count(*)::int from pg_shdepend where refobjid = r.oid and deptype = 'o') as owned
         from pg_roles r where rolname = current_user`,
      );
      expect(rows).toEqual([
        {
          rolsuper: false,
          rolbypassrls: false,
          rolcreaterole: false,
          rolcreatedb: false,
          rolreplication: false,
          owned: 0,
        },
      ]);
      for (const forbidden of [
        'create table smuggled (id int)',
        'create schema smuggled',
        'alter table pools disable row level security',
        'drop policy read on pools',
        'set role espalier_queue',
        `set role ${owner}`,
        'select * from queue.job',
        'select * from schema_migrations',
        'truncate pools',
      ])
        await expect(client.query(forbidden), forbidden).rejects.toThrow(
          /permission denied|must be (owner|able)/,
        );
    });
  });

  it('gives the queue its own schema and the ids of waiting runs, nothing else', async () => {
    await as(urls.queue, async (client) => {
      const { rows } = await client.query<{ schema: string }>(
        `select distinct n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relowner = (select oid from pg_roles where rolname = current_user) and n.nspname not like 'pg_toast%'`,
      );
      expect(rows).toEqual([{ schema: 'queue' }]);
      await expect(client.query('select id, team_id, status from search_runs')).resolves.toBeDefined();
      for (const forbidden of [
        'select * from search_runs',
        'select * from teams',
        'select * from tokens',
        `update search_runs set status = 'STOPPED'`,
        'create table public.smuggled (id int)',
        'create schema smuggled',
      ])
        await expect(client.query(forbidden), forbidden).rejects.toThrow(/permission denied/);
    });
  });

  it('uses a login role that the operator gives instead of its own', async () => {
    await admin.query(`create role app_${name} login password 'given'`);
    const given = new URL(urls.app);
    given.username = `app_${name}`;
    given.password = 'given';
    const installation = await openInstallation({ ...config, appDatabaseUrl: given.toString() }, log);
    expect(installation.urls.app).toBe(given.toString());
    await as(installation.urls.app, (client) => client.query('select id from teams'));
  });

  it('derives other passwords from another secret', async () => {
    const other = await openInstallation({ ...config, secret: 'x'.repeat(32) }, log);
    expect(other.urls.app).not.toBe(urls.app);
    urls = (await openInstallation(config, log)).urls;
    await as(urls.app, (client) => client.query('select 1'));
  });
});
