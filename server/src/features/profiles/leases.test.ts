import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam } from '../testing/fashion.js';
import { outcomesOf, pairedAgent, reportOf, TARGET } from './testing/agents.js';
import { measuringTeam, NETWORKS, NO_LEASE, truth, type MeasuringTeam } from './testing/campaigns.js';

let db: TestDatabase;
let measuring: MeasuringTeam;
let team: MeasuringTeam['team'];
let agent: MeasuringTeam['agent'];

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  measuring = await measuringTeam(db);
  ({ team, agent } = measuring);
});

describe('leases', () => {
  it('go to agents that ask at once without one twice or one left', async () => {
    await measuring.startProfile();
    const agents = [
      agent,
      await pairedAgent(db, team.ctx, team.poolId),
      await pairedAgent(db, team.ctx, team.poolId),
    ];
    const leases = (
      await Promise.all([...agents, ...agents, ...agents].map((each) => each.lease(40)))
    ).flat();
    const rest = (await agent.lease(200)).concat(leases);
    expect(new Set(rest.map((lease) => lease.measurementId)).size).toBe(222);
    expect(rest).toHaveLength(222);
    expect(new Set(rest.map((lease) => lease.fencingNumber)).size).toBe(222);
  });

  it('let many agents lease, renew and report at once without waiting for each other for ever', async () => {
    const id = await measuring.startProfile();
    const agents = await Promise.all(Array.from({ length: 4 }, () => pairedAgent(db, team.ctx, team.poolId)));
    const outcomes = await Promise.all(
      [agent, ...agents].map(async (each) => {
        const all: string[] = [];
        for (let leases = await each.lease(7); leases.length > 0; leases = await each.lease(7)) {
          const [answer, beat] = await Promise.all([
            each.report(leases.map((lease) => reportOf(lease, truth)).reverse()),
            each.heartbeat(leases.map((lease) => lease.fencingNumber)),
          ]);
          expect([...answer.codes, ...beat.codes]).toEqual([]);
          all.push(...outcomesOf(answer));
        }
        return all;
      }),
    );
    expect(outcomes.flat()).toEqual(new Array(222).fill('ACCEPTED'));
    await measuring.conclude();
    expect(await measuring.readRun(id)).toMatchObject({ status: 'SUCCEEDED', doneCount: 222 });
  });

  it('are given only for the pool and target of the device, and only to its team', async () => {
    await measuring.startProfile();
    const elsewhere = await ask(
      db,
      measuring.fresh(),
      'mutation ($input: CreatePoolInput!) { createPool(input: $input) { pool { id } } }',
      {
        input: { idempotencyKey: randomUUID(), name: 'elsewhere' },
      },
    );
    const otherPool = await pairedAgent(db, team.ctx, elsewhere.data.createPool.pool.id);
    const otherTarget = await pairedAgent(db, team.ctx, team.poolId, { target: { ...TARGET, threads: 2 } });
    const stranger = await fashionTeam(db);
    const otherTeam = await pairedAgent(db, stranger.ctx, stranger.poolId);
    for (const each of [otherPool, otherTarget, otherTeam]) expect(await each.lease()).toEqual([]);
    expect(await agent.lease(5)).toHaveLength(5);
  });

  it('carry what an agent needs to build the model and nothing of the plan', async () => {
    await measuring.startProfile();
    const lease = await measuring.leaseOne();
    expect(lease.subject).toEqual({ kind: 'BLOCK', layer: 0, choice: 0, copies: 1, site: 0 });
    expect(lease.spaceVersionId).toBe(lease.space?.spaceVersionId);
    expect(lease.space?.document).toEqual({ format: 'espalier.space/1', family: 'fashion-mobile' });
    expect(lease).toMatchObject({ seed: 0, target: { batch: 16, threads: 1 } });
  });

  it('are renewed by a heartbeat, and a lost one is told', async () => {
    await measuring.startSmall(NETWORKS);
    const [kept, lost] = await agent.lease();
    await db.sql(
      `update measurements set lease_expires_at = now() + interval '5 seconds' where fencing_number = $1`,
      [kept?.fencingNumber],
    );
    await db.sql('update measurements set lease_expires_at = now() where fencing_number = $1', [
      lost?.fencingNumber,
    ]);
    const { data } = await agent.heartbeat([kept?.fencingNumber ?? 0, lost?.fencingNumber ?? 0]);
    expect(data.heartbeat.lostFencingNumbers).toEqual([lost?.fencingNumber]);
    const [row] = await db.sql<{ seconds: number }>(
      'select extract(epoch from lease_expires_at - now())::float as seconds from measurements where fencing_number = $1',
      [kept?.fencingNumber],
    );
    expect(row?.seconds).toBeGreaterThan(50);
  });

  it('go to another device when they expire, and the late report is refused', async () => {
    await measuring.startSmall([[4, 4, 4]]);
    const late = await measuring.leaseOne();
    await db.sql('update measurements set lease_expires_at = now() where fencing_number = $1', [
      late.fencingNumber,
    ]);
    expect(outcomesOf(await agent.report([reportOf(late, truth)]))).toEqual(['LEASE_LOST']);
    const second = await pairedAgent(db, team.ctx, team.poolId);
    const [lease] = await second.lease();
    expect(lease?.measurementId).toBe(late.measurementId);
    expect(lease?.fencingNumber).toBeGreaterThan(late.fencingNumber);
    expect(outcomesOf(await agent.report([reportOf(late, truth)]))).toEqual(['LEASE_LOST']);
    expect(outcomesOf(await second.report([reportOf(lease ?? NO_LEASE, truth)]))).toEqual(['ACCEPTED']);
    expect(outcomesOf(await agent.report([reportOf(late, truth)]))).toEqual(['LEASE_LOST']);
  });

  it('end when the device registers again', async () => {
    const name = `again-${randomUUID()}`;
    const first = await pairedAgent(db, team.ctx, team.poolId, { name });
    await measuring.startSmall([[5, 5, 5]]);
    const [lease] = await first.lease();
    const second = await pairedAgent(db, team.ctx, team.poolId, { name });
    expect(outcomesOf(await second.report([reportOf(lease ?? NO_LEASE, truth)]))).toEqual(['LEASE_LOST']);
    expect(await second.lease()).toHaveLength(1);
  });

  it('are given up when nothing came three times, and the campaign ends', async () => {
    const id = await measuring.startSmall([[6, 6, 6]]);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await agent.lease()).toHaveLength(1);
      await db.sql(`update measurements set lease_expires_at = now() where status = 'LEASED'`);
    }
    expect(await agent.lease()).toEqual([]);
    const run = await measuring.readRun(id);
    expect(run).toMatchObject({ status: 'FAILED', failedCount: 1 });
    expect(run.measurements.nodes[0].error).toContain('3 times');
  });

  it.each([0, -1, 201])('are not asked for %i at a time', async (count) => {
    await expect(agent.lease(count)).rejects.toMatchObject({
      extensions: { code: 'BAD_INPUT', field: 'input.count' },
    });
  });

  it('are an agent’s alone', async () => {
    const { codes } = await ask(
      db,
      measuring.fresh(),
      'mutation { leaseMeasurements(input: { count: 1 }) { retryAfterSeconds } }',
    );
    expect(codes).toEqual(['FORBIDDEN']);
  });
});
