import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam } from '../testing/fashion.js';
import { checkedReports } from './report-checks.js';
import { outcomesOf, pairedAgent, reportOf } from './testing/agents.js';
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

describe('a report', () => {
  it('made twice changes nothing', async () => {
    const id = await measuring.startSmall(NETWORKS);
    const lease = await measuring.leaseOne();
    expect(outcomesOf(await agent.report([reportOf(lease, truth)]))).toEqual(['ACCEPTED']);
    const before = await measuring.readRun(id);
    const other = { layers: truth.layers.map((layer) => layer.map((ms) => ms * 2)), fixedMs: 9 };
    expect(outcomesOf(await agent.report([reportOf(lease, other)]))).toEqual(['ALREADY_REPORTED']);
    expect(await measuring.readRun(id)).toEqual(before);
  });

  it('that is unsteady is measured once more, and believed when it stays so', async () => {
    const id = await measuring.startSmall([[7, 7, 7]]);
    const first = await measuring.leaseOne();
    const unsteady = { ...reportOf(first, truth), unstableReason: 'contention' };
    expect(outcomesOf(await agent.report([unsteady]))).toEqual(['ACCEPTED']);
    expect(outcomesOf(await agent.report([unsteady]))).toEqual(['ALREADY_REPORTED']);
    expect(await measuring.readRun(id)).toMatchObject({ status: 'RUNNING', doneCount: 0 });
    const again = await measuring.leaseOne();
    expect(again.measurementId).toBe(first.measurementId);
    await agent.report([{ ...reportOf(again, truth), unstableReason: 'contention' }]);
    expect(await measuring.readRun(id)).toMatchObject({
      status: 'SUCCEEDED',
      doneCount: 1,
      unstableCount: 1,
    });
    const [row] = await db.sql<{ unstable: boolean }>(
      'select unstable from architecture_latencies where team_id = $1',
      [team.teamId],
    );
    expect(row?.unstable).toBe(true);
  });

  it('that is steady the second time forgets that it was not', async () => {
    const id = await measuring.startSmall([[8, 8, 8]]);
    await agent.report([{ ...reportOf(await measuring.leaseOne(), truth), unstableReason: 'temperature' }]);
    await agent.report([reportOf(await measuring.leaseOne(), truth)]);
    expect(await measuring.readRun(id)).toMatchObject({ status: 'SUCCEEDED', unstableCount: 0 });
  });

  it('of the last two results that come at once ends the campaign once', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await measuring.startSmall(NETWORKS);
      const second = await pairedAgent(db, team.ctx, team.poolId);
      const [mine] = await agent.lease(1);
      const [hers] = await second.lease(1);
      const answers = await Promise.all([
        agent.report([reportOf(mine ?? NO_LEASE, truth)]),
        second.report([reportOf(hers ?? NO_LEASE, truth)]),
      ]);
      expect(answers.flatMap(outcomesOf)).toEqual(['ACCEPTED', 'ACCEPTED']);
      expect(await measuring.readRun(id)).toMatchObject({ status: 'SUCCEEDED', doneCount: 2 });
    }
  });

  it('is stored with the end of its campaign or not at all', async () => {
    const id = await measuring.startSmall([[9, 9, 9]]);
    const lease = await measuring.leaseOne();
    // Stands for a crash after the last result and before the campaign's end.
    await db.sql(`create function fall() returns trigger language plpgsql as $$ begin raise 'crash'; end $$`);
    await db.sql('create trigger fall before insert on architecture_latencies execute function fall()');
    expect((await agent.report([reportOf(lease, truth)])).codes).toHaveLength(1);
    await db.sql('drop trigger fall on architecture_latencies');
    await db.sql('drop function fall()');
    expect(await measuring.readRun(id)).toMatchObject({ status: 'RUNNING', doneCount: 0 });
    expect(outcomesOf(await agent.report([reportOf(lease, truth)]))).toEqual(['ACCEPTED']);
    expect(await measuring.readRun(id)).toMatchObject({ status: 'SUCCEEDED', doneCount: 1 });
  });

  it('for a stopped campaign is refused', async () => {
    const id = await measuring.startSmall(NETWORKS);
    const lease = await measuring.leaseOne();
    const cancel =
      'mutation ($id: ID!) { cancelProfile(input: { profileRunId: $id }) { profileRun { status } } }';
    expect((await ask(db, measuring.fresh(), cancel, { id })).data.cancelProfile.profileRun.status).toBe(
      'STOPPED',
    );
    expect(outcomesOf(await agent.report([reportOf(lease, truth)]))).toEqual(['LEASE_LOST']);
    expect((await agent.heartbeat([lease.fencingNumber])).data.heartbeat.lostFencingNumbers).toEqual([
      lease.fencingNumber,
    ]);
    expect(await agent.lease()).toEqual([]);
    expect((await ask(db, measuring.fresh(), cancel, { id })).codes).toEqual(['CONFLICT']);
  });

  it('for another team’s, another device’s or an unknown measurement is refused', async () => {
    await measuring.startSmall(NETWORKS);
    const lease = await measuring.leaseOne();
    const stranger = await fashionTeam(db);
    const spy = await pairedAgent(db, stranger.ctx, stranger.poolId);
    expect((await spy.report([reportOf(lease, truth)])).codes).toEqual(['NOT_FOUND']);
    const colleague = await pairedAgent(db, team.ctx, team.poolId);
    expect(outcomesOf(await colleague.report([reportOf(lease, truth)]))).toEqual(['LEASE_LOST']);
    expect((await agent.report([{ ...reportOf(lease, truth), measurementId: 'nonsense' }])).codes).toEqual([
      'BAD_INPUT',
    ]);
    expect((await agent.report([{ ...reportOf(lease, truth), measurementId: team.poolId }])).codes).toEqual([
      'NOT_FOUND',
    ]);
  });

  it.each([
    ['a negative latency', { rounds: [[1, -1]] }, 'rounds.0.1'],
    ['a latency of zero', { rounds: [[0]] }, 'rounds.0.0'],
    ['an endless latency', { rounds: [[1e300]] }, 'rounds.0.0'],
    ['no round', { rounds: [] }, 'rounds'],
    ['an empty round', { rounds: [[1], []] }, 'rounds.1'],
    ['too many samples', { rounds: Array.from({ length: 600 }, () => new Array(200).fill(1)) }, 'rounds'],
    ['a negative reference', { referenceMs: [-1] }, 'referenceMs.0'],
    ['a negative session time', { sessionCreateMs: -1 }, 'sessionCreateMs'],
    ['a reason of a thousand letters', { unstableReason: 'x'.repeat(1000) }, 'unstableReason'],
    ['samples and an error', { error: 'both' }, ''],
    ['neither samples nor an error', { rounds: null }, ''],
    ['a fencing number of 0', { fencingNumber: 0 }, 'fencingNumber'],
  ])('with %s is refused, and so are those beside it', async (_what, more, where) => {
    const id = await measuring.startSmall(NETWORKS);
    const [good, bad] = await agent.lease();
    const { codes, errors } = await agent.report([
      reportOf(good ?? NO_LEASE, truth),
      { ...reportOf(bad ?? NO_LEASE, truth), ...more },
    ]);
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe(['input.reports.1', where].filter(Boolean).join('.'));
    expect(await measuring.readRun(id)).toMatchObject({ doneCount: 0, failedCount: 0 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'with the sample %f is refused where JSON did not',
    (sample) => {
      expect(() => checkedReports([{ measurementId: 'm', fencingNumber: 1, rounds: [[1, sample]] }])).toThrow(
        /input\.reports\.0\.rounds\.0\.1/,
      );
    },
  );

  it('names a measurement once', async () => {
    await measuring.startSmall(NETWORKS);
    const lease = await measuring.leaseOne();
    expect((await agent.report([reportOf(lease, truth), reportOf(lease, truth)])).codes).toEqual([
      'BAD_INPUT',
    ]);
    expect((await agent.report([])).codes).toEqual(['BAD_INPUT']);
  });
});
