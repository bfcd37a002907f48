import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDatabase, type Database } from './database/connect.js';
import type { TeamId } from './database/tenancy.js';
import { idempotent } from './idempotency.js';
import { bareDatabase, type BareDatabase } from './testing/bare-database.js';
import { samplePrivateRows } from './testing/sample-rows.js';

describe('idempotency keys', () => {
  let bare: BareDatabase;
  let database: Database;
  let teamId: TeamId;
  let otherTeamId: TeamId;

  beforeAll(async () => {
    bare = await bareDatabase();
    database = await connectDatabase({
      url: bare.urls.app,
      entities: [],
      connections: 5,
      statementTimeoutMs: 10_000,
    });
    teamId = (await samplePrivateRows(bare)).teamId as TeamId;
    otherTeamId = (await samplePrivateRows(bare)).teamId as TeamId;
  });
  afterAll(async () => {
    await database.close();
    await bare.close();
  });

  let made = 0;
  const make = (
    key: string,
    input: unknown,
    { operation = 'createThing', team = teamId }: { operation?: string; team?: TeamId } = {},
  ): Promise<{ result: number; replayed: boolean }> =>
    database.inScope({ teamId: team }, (tx) =>
      idempotent(tx, { teamId: team, operation, key, input }, async () => {
        await tx.query('select pg_sleep(0.05)');
        return ++made;
      }),
    );

  it('does the work once and gives the first result again, whatever the order of the fields', async () => {
    const key = randomUUID();
    const first = await make(key, { a: 1, b: { c: [1, 2], d: null } });
    const second = await make(key, { b: { d: null, c: [1, 2] }, a: 1 });
    expect(first.replayed).toBe(false);
    expect(second).toEqual({ result: first.result, replayed: true });
  });

  it('refuses the key with another input or for another mutation', async () => {
    const key = randomUUID();
    await make(key, { a: 1 });
    const mismatch = { extensions: { code: 'IDEMPOTENCY_MISMATCH', field: 'input.idempotencyKey' } };
    await expect(make(key, { a: 2 })).rejects.toMatchObject(mismatch);
    await expect(make(key, { a: 1 }, { operation: 'createOther' })).rejects.toMatchObject(mismatch);
  });

  it('does the work once for calls at the same time', async () => {
    const key = randomUUID();
    const results = await Promise.all([1, 2, 3, 4].map(() => make(key, { a: 1 })));
    expect(new Set(results.map(({ result }) => result)).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('keeps nothing when the work fails, so that the key is good again', async () => {
    const key = randomUUID();
    await expect(
      database.inScope({ teamId }, (tx) =>
        idempotent(tx, { teamId, operation: 'createThing', key, input: {} }, () =>
          Promise.reject(new Error('no')),
        ),
      ),
    ).rejects.toThrow('no');
    expect((await make(key, {})).replayed).toBe(false);
  });

  it('keeps the keys of teams apart', async () => {
    const key = randomUUID();
    const own = await make(key, { a: 1 });
    const other = await make(key, { a: 2 }, { team: otherTeamId });
    expect(other.replayed).toBe(false);
    expect(other.result).not.toBe(own.result);
  });
});
