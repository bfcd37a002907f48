import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subscribe, parse } from 'graphql';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import {
  outcomesOf,
  pairedAgent,
  reportOf,
  TARGET,
  uuidIn,
  type TestAgent,
} from '../profiles/testing/agents.js';
import { NO_LEASE, truth } from '../profiles/testing/campaigns.js';
import { grantedPool, queueNetworks, type GrantedPool } from './testing/granted-pool.js';
import { fingerprintOf } from './targets.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const fingerprint = fingerprintOf(TARGET);
const call = (pool: GrantedPool, mutation: string, input: Record<string, unknown>, selection: string) =>
  ask(
    db,
    pool.owner.ctx,
    `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) { ${mutation}(input: $input) { ${selection} } }`,
    { input },
  );
const deviceOf = async (pool: GrantedPool, agent: TestAgent) =>
  (
    await ask(
      db,
      pool.owner.ctx,
      'query ($id: ID!) { node(id: $id) { ... on Device { status warnings quarantine { reason automatic } } } }',
      { id: agent.deviceId },
    )
  ).data.node;

async function poolWithWork(count = 40): Promise<GrantedPool & { runId: string }> {
  const pool = await grantedPool(db);
  const runId = await queueNetworks(db, pool.grantee, {
    poolId: uuidIn(pool.owner.poolId),
    count,
    fingerprint,
  });
  return { ...pool, runId };
}

const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const schedule = (pool: GrantedPool, terms: Record<string, unknown>) =>
  call(
    pool,
    'scheduleMaintenance',
    {
      idempotencyKey: randomUUID(),
      poolId: pool.owner.poolId,
      startsAt: soon(-1),
      endsAt: soon(10),
      reason: 'new fans',
      ...terms,
    },
    'maintenance { id reason device { id } }',
  );
const pauseOf = async (agent: TestAgent): Promise<string | null> =>
  (await ask(db, await agent.ctx(), 'mutation { heartbeat(input: {}) { pause } }')).data.heartbeat.pause;

describe('a maintenance window', () => {
  it('gives no leases while it lasts, says why, and lets what is being measured end', async () => {
    const pool = await poolWithWork();
    const [held] = await pool.agent.lease(1);
    const { data } = await schedule(pool, {});
    expect(await pool.agent.lease(1)).toEqual([]);
    expect(await pauseOf(pool.agent)).toMatch(/^maintenance until .* UTC: new fans$/);
    expect(await deviceOf(pool, pool.agent)).toMatchObject({ status: 'MAINTENANCE' });
    expect(outcomesOf(await pool.agent.report([reportOf(held ?? NO_LEASE, truth)]))).toEqual(['ACCEPTED']);
    // The team that waits reads the reason too.
    const { node } = (
      await ask(
        db,
        pool.grantee.ctx,
        'query ($id: ID!) { node(id: $id) { ... on Pool { maintenance { reason } } } }',
        {
          id: pool.owner.poolId,
        },
      )
    ).data;
    expect(node.maintenance).toEqual([{ reason: 'new fans' }]);
    await call(
      pool,
      'cancelMaintenance',
      { maintenanceId: data.scheduleMaintenance.maintenance.id },
      'pool { id }',
    );
    expect(await pool.agent.lease(1)).toHaveLength(1);
    expect(await pauseOf(pool.agent)).toBeNull();
  });

  it('of one device leaves the others at work, and one to come leaves all', async () => {
    const pool = await poolWithWork();
    const other = await pairedAgent(db, pool.owner.ctx, pool.owner.poolId);
    await schedule(pool, { deviceId: pool.agent.deviceId });
    await schedule(pool, { startsAt: soon(5) });
    expect(await pool.agent.lease(1)).toEqual([]);
    expect(await other.lease(1)).toHaveLength(1);
  });

  it.each([
    ['input.endsAt', () => ({ endsAt: soon(-2) })],
    ['input.endsAt', () => ({ startsAt: soon(-9), endsAt: soon(-2) })],
    ['input.endsAt', () => ({ endsAt: soon(60 * 24 * 400) })],
    ['input.reason', () => ({ reason: '' })],
    ['input.reason', () => ({ reason: 'x'.repeat(201) })],
  ])('is refused for a bad %s', async (field, terms) => {
    const { errors } = await schedule(await grantedPool(db), terms());
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', field });
  });
});

describe('quarantine', () => {
  it('takes leases back at once, charges nobody for them, and ends with a release', async () => {
    const pool = await poolWithWork();
    const [held] = await pool.agent.lease(1);
    await call(
      pool,
      'quarantineDevice',
      { deviceId: pool.agent.deviceId, reason: 'smells' },
      'device { id }',
    );
    expect(await deviceOf(pool, pool.agent)).toMatchObject({
      status: 'QUARANTINED',
      quarantine: { reason: 'smells', automatic: false },
    });
    expect(outcomesOf(await pool.agent.report([reportOf(held ?? NO_LEASE, truth)]))).toEqual(['LEASE_LOST']);
    expect(await pool.agent.lease(1)).toEqual([]);
    expect(await pauseOf(pool.agent)).toBe('quarantined: smells');
    const [used] = await db.sql<{ ms: number }>(
      'select sum(device_ms) as ms from pool_usage where pool_id = $1',
      [uuidIn(pool.owner.poolId)],
    );
    expect(used?.ms).toBeCloseTo(0, 6);
    const other = await pairedAgent(db, pool.owner.ctx, pool.owner.poolId);
    expect((await other.lease(1))[0]?.measurementId).toBe(held?.measurementId);
    await call(pool, 'releaseDevice', { deviceId: pool.agent.deviceId }, 'device { id }');
    expect(await pool.agent.lease(1)).toHaveLength(1);
  });

  it('comes by itself for a device that fails on what others measure', async () => {
    const pool = await poolWithWork();
    const well = await pairedAgent(db, pool.owner.ctx, pool.owner.poolId);
    for (let i = 0; i < 5; i++) {
      expect((await deviceOf(pool, pool.agent)).status).toBe('ONLINE');
      const [bad] = await pool.agent.lease(1);
      const { measurementId, fencingNumber } = bad ?? NO_LEASE;
      await pool.agent.report([{ measurementId, fencingNumber, error: 'illegal instruction' }]);
      // What it has just failed on goes to the other, while there is one.
      const [good] = await well.lease(1);
      expect(good?.measurementId).toBe(measurementId);
      await well.report([reportOf(good ?? NO_LEASE, truth)]);
    }
    expect(await deviceOf(pool, pool.agent)).toMatchObject({
      status: 'QUARANTINED',
      quarantine: { automatic: true, reason: 'failed on 5 subjects in a row that other devices measured' },
    });
    expect((await deviceOf(pool, well)).status).toBe('ONLINE');
  });

  it('does not come for subjects that fail everywhere, so that no team can have devices taken out', async () => {
    const pool = await poolWithWork(30);
    const other = await pairedAgent(db, pool.owner.ctx, pool.owner.poolId);
    for (let i = 0; i < 40; i++)
      for (const agent of [pool.agent, other])
        await agent.report(
          (await agent.lease(1)).map(({ measurementId, fencingNumber }) => ({
            measurementId,
            fencingNumber,
            error: 'cannot build the model',
          })),
        );
    for (const agent of [pool.agent, other])
      expect(await deviceOf(pool, agent)).toMatchObject({ status: 'ONLINE', warnings: [] });
  });

  it('comes by itself when the reference network has moved, after a warning', async () => {
    const pool = await poolWithWork();
    const id = uuidIn(pool.agent.deviceId);
    for (const hours of [30, 29, 28, 27])
      await db.sql(
        `insert into device_references (team_id, device_id, fingerprint, hour, reference_ms, readings)
         values ($1, $2, $3, now() - make_interval(hours => $4), 1, 5)`,
        [pool.owner.teamId, id, fingerprint, hours],
      );
    const report = async (referenceMs: number) => {
      const [lease] = await pool.agent.lease(1);
      await pool.agent.report([
        { ...reportOf(lease ?? NO_LEASE, truth), referenceMs: Array.from({ length: 6 }, () => referenceMs) },
      ]);
    };
    for (let i = 0; i < 3; i++) await report(1.2);
    expect(await deviceOf(pool, pool.agent)).toMatchObject({
      status: 'ONLINE',
      warnings: [
        expect.stringMatching(/reference network is 20 % slower than usual.*1\.20 ms against 1\.00 ms/),
      ],
    });
    await db.sql("delete from device_references where device_id = $1 and hour > now() - interval '2 hours'", [
      id,
    ]);
    for (let i = 0; i < 3; i++) await report(1.5);
    expect((await deviceOf(pool, pool.agent)).quarantine).toEqual({
      automatic: true,
      reason: 'its reference network takes 1.50 ms, usually 1.00 ms',
    });
    await call(pool, 'releaseDevice', { deviceId: pool.agent.deviceId }, 'device { id }');
    for (let i = 0; i < 4; i++) await report(1.5);
    expect((await deviceOf(pool, pool.agent)).status).toBe('ONLINE');
  });

  it('warns of a device that reads the reference network unlike the others of its target', async () => {
    const pool = await poolWithWork();
    const others = [1, 1.01].map(async (ms) => ({
      ms,
      agent: await pairedAgent(db, pool.owner.ctx, pool.owner.poolId),
    }));
    for (const { ms, agent } of [{ ms: 1.3, agent: pool.agent }, ...(await Promise.all(others))]) {
      const [lease] = await agent.lease(1);
      await agent.report([{ ...reportOf(lease ?? NO_LEASE, truth), referenceMs: [ms, ms] }]);
    }
    expect((await deviceOf(pool, pool.agent)).warnings).toEqual([
      expect.stringMatching(/slower than on the pool’s other devices/),
    ]);
  });
});

describe('removing a device', () => {
  it('ends its token, gives its leases to others and keeps its results', async () => {
    const pool = await poolWithWork();
    const other = await pairedAgent(db, pool.owner.ctx, pool.owner.poolId);
    const [first, second] = await pool.agent.lease(2);
    await pool.agent.report([reportOf(first ?? NO_LEASE, truth)]);
    await call(pool, 'removeDevice', { deviceId: pool.agent.deviceId }, 'pool { id }');
    await expect(pool.agent.ctx()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await other.lease(1))[0]?.measurementId).toBe(second?.measurementId);
    const [kept] = await db.sql<{ n: number }>(
      `select count(*)::int as n from measurements where profile_run_id = $1 and status = 'DONE'`,
      [pool.runId],
    );
    expect(kept?.n).toBe(1);
    const again = await call(pool, 'removeDevice', { deviceId: pool.agent.deviceId }, 'pool { id }');
    expect(again.codes).toEqual(['NOT_FOUND']);
  });

  it('and all other care is the owner’s, not that of a team with a grant', async () => {
    const pool = await poolWithWork();
    const { deviceId } = pool.agent;
    const asGrantee = { ...pool, owner: { ...pool.grantee, poolId: pool.owner.poolId } };
    for (const { codes } of [
      await call(asGrantee, 'quarantineDevice', { deviceId, reason: 'mine' }, 'device { id }'),
      await call(asGrantee, 'releaseDevice', { deviceId }, 'device { id }'),
      await call(asGrantee, 'removeDevice', { deviceId }, 'pool { id }'),
      await call(asGrantee, 'renamePool', { poolId: pool.owner.poolId, name: 'mine' }, 'pool { id }'),
      await schedule(asGrantee, {}),
    ])
      expect(codes).toEqual(['NOT_FOUND']);
  });
});

it('renames a pool, and not to a name that is taken', async () => {
  const pool = await grantedPool(db);
  const rename = (name: string) =>
    call(pool, 'renamePool', { poolId: pool.owner.poolId, name }, 'pool { name }');
  expect((await rename('boards')).data.renamePool.pool.name).toBe('boards');
  const input = { idempotencyKey: randomUUID(), name: 'phones' };
  await ask(
    db,
    pool.owner.ctx,
    'mutation ($input: CreatePoolInput!) { createPool(input: $input) { pool { id } } }',
    {
      input,
    },
  );
  expect((await rename('phones')).codes).toEqual(['CONFLICT']);
  expect((await rename('boards')).codes).toEqual([]);
});

it('tells what the devices of a pool do, until the right to know ends', async () => {
  const pool = await poolWithWork();
  const source = `subscription ($id: ID!) { poolActivity(id: $id) { devices { status activity team { id } since } } }`;
  const stream = await subscribe({
    schema: db.app.schema,
    document: parse(source),
    variableValues: { id: pool.owner.poolId },
    contextValue: db.contextOf(pool.grantee.ctx.principal),
  });
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const next = async () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in `ask`: a wrong path fails the test
    const { value }: { value?: any } = await stream.next();
    return value.errors?.[0]?.extensions?.code ?? value.data.poolActivity.devices;
  };
  expect(await next()).toEqual([{ status: 'ONLINE', activity: null, team: null, since: null }]);
  await pool.agent.lease(1);
  expect(await next()).toMatchObject([{ team: { id: expect.any(String) }, since: expect.any(String) }]);
  await db.sql('update pool_grants set revoked_at = now() where id = $1', [uuidIn(pool.grantId)]);
  await expect(stream.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
