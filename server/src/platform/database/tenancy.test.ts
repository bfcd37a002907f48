import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareDatabase, type BareDatabase } from '../testing/bare-database.js';
import { samplePrivateRows, type SampleRows } from '../testing/sample-rows.js';
import { connectDatabase, type Database } from './connect.js';
import type { Scope, TeamId } from './tenancy.js';

describe('tenancy in the database', () => {
  let bare: BareDatabase;
  let database: Database;
  let own: SampleRows;
  let other: SampleRows;
  let tenantTables: string[];

  beforeAll(async () => {
    bare = await bareDatabase();
    database = await connectDatabase({
      url: bare.urls.app,
      entities: [],
      connections: 2,
      statementTimeoutMs: 5_000,
    });
    own = await samplePrivateRows(bare);
    other = await samplePrivateRows(bare);
    tenantTables = (
      await bare.sql<{ name: string }>(
        `select c.table_name as name from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'public' and c.column_name = 'team_id' and t.table_type = 'BASE TABLE' order by 1`,
      )
    ).map(({ name }) => name);
  });
  afterAll(async () => {
    await database.close();
    await bare.close();
  });

  const count = (scope: Scope, sql: string): Promise<number> =>
    database.inScope(scope, async (tx) => {
      const [row] = await tx.query<{ n: number }[]>(`select count(*)::int as n from ${sql}`);
      return row?.n ?? -1;
    });
  const teamOf = (rows: SampleRows): Scope => ({ teamId: rows.teamId as TeamId });

  it('knows a private row of every tenant table, so that what follows leaves none out', async () => {
    expect(tenantTables.length).toBeGreaterThan(15);
    for (const table of tenantTables) {
      const [row] = await bare.sql<{ n: number }>(
        `select count(*)::int as n from ${table} where team_id = $1`,
        [own.teamId],
      );
      expect(row?.n, `sample-rows.ts inserts nothing into ${table}`).toBeGreaterThan(0);
    }
  });

  it('enables row-level security on every table of ours, and forces it on every tenant table', async () => {
    const tables = await bare.sql<{ name: string; enabled: boolean; forced: boolean }>(
      `select relname as name, relrowsecurity as enabled, relforcerowsecurity as forced
       from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and relname <> 'schema_migrations'`,
    );
    expect(tables.filter(({ enabled }) => !enabled)).toEqual([]);
    expect(tables.filter(({ name, forced }) => tenantTables.includes(name) && !forced)).toEqual([]);
  });

  it('shows a team its own rows and none of another team’s private ones', async () => {
    for (const table of tenantTables) {
      expect(await count(teamOf(own), `${table} where team_id = '${own.teamId}'`), table).toBeGreaterThan(0);
      expect(await count(teamOf(own), `${table} where team_id <> '${own.teamId}'`), table).toBe(0);
    }
    // A team that something was shown to is known by its name to the team that shows it.
    for (const table of [`teams where slug not like 'grantee-%'`, 'users', 'leaderboards'])
      expect(await count(teamOf(own), table), table).toBe(1);
  });

  it('shows no row at all when nothing is set, to a visitor, or to an unknown team', async () => {
    const nobody: Scope[] = [
      { publicRows: false },
      {},
      { teamId: '00000000-0000-4000-8000-000000000000' as TeamId },
    ];
    for (const scope of nobody)
      for (const table of [...tenantTables, 'teams', 'users', 'sessions', 'leaderboards'])
        expect(await count(scope, table), `${table} ${JSON.stringify(scope)}`).toBe(0);
  });

  it('lets a team change, remove or add nothing in another team’s name', async () => {
    for (const table of tenantTables) {
      const changed = (verb: string): Promise<unknown> =>
        database.inScope(teamOf(other), (tx) => tx.query(verb));
      if (table !== 'audit_events') {
        await changed(`update ${table} set team_id = team_id where team_id = '${own.teamId}'`);
        await changed(`delete from ${table} where team_id = '${own.teamId}'`);
      }
      const [row] = await bare.sql<{ n: number }>(
        `select count(*)::int as n from ${table} where team_id = $1`,
        [own.teamId],
      );
      expect(row?.n, table).toBeGreaterThan(0);
    }
    await expect(
      database.inScope(teamOf(other), (tx) =>
        tx.query(`insert into pools (team_id, name) values ('${own.teamId}', 'smuggled')`),
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(
      database.inScope(teamOf(other), (tx) =>
        tx.query(
          `insert into memberships (team_id, user_id, role) values ('${own.teamId}', '${other.userId}', 'OWNER')`,
        ),
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(
      database.inScope(teamOf(other), (tx) => tx.query(`update pools set team_id = '${own.teamId}'`)),
    ).rejects.toThrow(/row-level security/);
  });

  it('writes audit events once and never rewrites them', async () => {
    for (const verb of ['update audit_events set action = null', 'delete from audit_events'])
      await expect(database.inScope(teamOf(own), (tx) => tx.query(verb))).rejects.toThrow(
        /permission denied/,
      );
  });

  it('forgets a scope with its transaction, also on the same connection and after an error', async () => {
    await expect(
      database.inScope(teamOf(own), async (tx) => {
        await tx.query('select 1 / 0');
      }),
    ).rejects.toThrow();
    for (let i = 0; i < 4; i++) expect(await count({ publicRows: false }, 'pools')).toBe(0);
  });

  it('shows a team’s name to others only once it made something public', async () => {
    const name = `teams where id = '${own.teamId}'`;
    expect(await count({}, name)).toBe(0);
    await bare.sql(`update search_spaces set visibility = 'PUBLIC' where id = $1`, [own.spaceId]);
    expect(await count({}, name)).toBe(1);
    expect(await count({ publicRows: false }, name)).toBe(0);
    expect(await count(teamOf(other), `search_spaces where id = '${own.spaceId}'`)).toBe(1);
    await bare.sql(`update search_spaces set visibility = 'PRIVATE' where id = $1`, [own.spaceId]);
  });

  it('opens to the holder of a secret the one row that it hashes to', async () => {
    const [token] = await bare.sql<{ hash: string }>(
      `select encode(secret_hash, 'hex') as hash from tokens where id = $1`,
      [own.tokenId],
    );
    const scope = { secretHash: token?.hash, publicRows: false };
    expect(await count(scope, 'tokens')).toBe(1);
    for (const table of tenantTables.filter((name) => name !== 'tokens'))
      expect(await count(scope, table), table).toBe(0);
  });

  it('refuses to connect the application as a role that owns tables or passes row-level security', async () => {
    await expect(
      connectDatabase({ url: bare.ownerUrl, entities: [], connections: 2, statementTimeoutMs: 1_000 }),
    ).rejects.toThrow(/owns nothing/);
  });

  it('cancels a statement that takes too long', async () => {
    const impatient = await connectDatabase({
      url: bare.urls.app,
      entities: [],
      connections: 2,
      statementTimeoutMs: 100,
    });
    try {
      await expect(impatient.inScope({}, (tx) => tx.query('select pg_sleep(5)'))).rejects.toMatchObject({
        code: '57014',
      });
    } finally {
      await impatient.close();
    }
  });
});
