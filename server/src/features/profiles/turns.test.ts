import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fingerprintOf } from '../devices/targets.js';
import { grant, grantedPool, queueNetworks, type GrantedPool } from '../devices/testing/granted-pool.js';
import { fashionTeam } from '../testing/fashion.js';
import { pairedAgent, reportOf, TARGET, uuidIn, type TestAgent } from './testing/agents.js';
import { truth } from './testing/campaigns.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const fingerprint = fingerprintOf(TARGET);

/** Leases and reports `turns` times; each subject takes what `deviceMs` says. Returns the team of each measured subject. */
async function measure(
  agent: TestAgent,
  { turns, batch, deviceMs }: { turns: number; batch: number; deviceMs: (team: string) => number },
): Promise<string[]> {
  const served: string[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const leases = await agent.lease(batch);
    if (leases.length === 0) break;
    // As old as a lease may be, so that the age is no bound to what is said here.
    const rows = await db.sql<{ id: string; team_id: string }>(
      `update measurements set leased_at = now() - interval '1 hour' where fencing_number = any($1) returning id, team_id`,
      [leases.map(({ fencingNumber }) => fencingNumber)],
    );
    const teams = new Map(rows.map((row) => [row.id, row.team_id]));
    const teamOf = (id: string): string => teams.get(uuidIn(id)) ?? '';
    await agent.report(
      leases.map((l) => ({ ...reportOf(l, truth), deviceMs: deviceMs(teamOf(l.measurementId)) })),
    );
    served.push(...leases.map((l) => teamOf(l.measurementId)));
  }
  return served;
}

const shareOf = (served: readonly string[], team: string): number =>
  served.filter((each) => each === team).length / served.length;

async function bothQueue(
  { owner, grantee }: GrantedPool,
  counts: { owner: number; grantee: number },
): Promise<void> {
  const poolId = uuidIn(owner.poolId);
  await queueNetworks(db, owner, { poolId, count: counts.owner, fingerprint });
  await queueNetworks(db, grantee, { poolId, count: counts.grantee, fingerprint });
}

describe('turns', () => {
  it('do not let ten thousand measurements of one team delay ten of another', async () => {
    const pool = await grantedPool(db);
    await bothQueue(pool, { owner: 10_000, grantee: 10 });
    const served = await measure(pool.agent, { turns: 24, batch: 1, deviceMs: () => 1_000 });
    expect(served.filter((team) => team === pool.grantee.teamId)).toHaveLength(10);
    // It waits for the other team's turn between its own, not for its queue.
    expect(served.lastIndexOf(pool.grantee.teamId)).toBeLessThan(22);
    expect(served).toHaveLength(24);
  });

  it('are of equal device time, not of equal number', async () => {
    const pool = await grantedPool(db);
    await bothQueue(pool, { owner: 400, grantee: 400 });
    const served = await measure(pool.agent, {
      turns: 120,
      batch: 1,
      deviceMs: (team) => (team === pool.owner.teamId ? 3_000 : 1_000),
    });
    expect(shareOf(served.slice(20), pool.grantee.teamId)).toBeGreaterThan(0.65);
    expect(shareOf(served.slice(20), pool.grantee.teamId)).toBeLessThan(0.85);
  });

  it('follow the priorities of the grants', async () => {
    const pool = await grantedPool(db, { priority: 10 });
    const third = await fashionTeam(db);
    await grant(db, pool.owner, third, { priority: 2 });
    await bothQueue(pool, { owner: 400, grantee: 400 });
    await queueNetworks(db, third, { poolId: uuidIn(pool.owner.poolId), count: 400, fingerprint });
    const served = await measure(pool.agent, { turns: 136, batch: 1, deviceMs: () => 1_000 });
    // 10 : 5 : 2
    expect(shareOf(served, pool.grantee.teamId)).toBeCloseTo(10 / 17, 1);
    expect(shareOf(served, pool.owner.teamId)).toBeCloseTo(5 / 17, 1);
    expect(shareOf(served, third.teamId)).toBeCloseTo(2 / 17, 1);
  });

  it('give a team that comes later its share, and not what it never asked for', async () => {
    const pool = await grantedPool(db);
    const poolId = uuidIn(pool.owner.poolId);
    await queueNetworks(db, pool.owner, { poolId, count: 600, fingerprint });
    // Long enough alone that all it had would outweigh what follows.
    await measure(pool.agent, { turns: 40, batch: 10, deviceMs: () => 1_000 });
    await queueNetworks(db, pool.grantee, { poolId, count: 600, fingerprint });
    const served = await measure(pool.agent, { turns: 40, batch: 10, deviceMs: () => 1_000 });
    // A head start of a tenth of the time, at most, then turns.
    expect(served.slice(0, 10).every((team) => team === pool.grantee.teamId)).toBe(true);
    expect(shareOf(served, pool.grantee.teamId)).toBeLessThan(0.7);
    expect(shareOf(served, pool.grantee.teamId)).toBeGreaterThan(0.4);
  });

  it('give a batch of one team and one target, whatever the device measures for', async () => {
    const pool = await grantedPool(db);
    const poolId = uuidIn(pool.owner.poolId);
    const int8 = { ...TARGET, precision: 'int8' };
    const both = await pairedAgent(db, pool.owner.ctx, pool.owner.poolId, { targets: [TARGET, int8] });
    for (const target of [fingerprint, fingerprintOf(int8)])
      for (const team of [pool.owner, pool.grantee])
        await queueNetworks(db, team, { poolId, count: 8, fingerprint: target });
    const kinds = new Set<string>();
    for (let leases = await both.lease(20); leases.length > 0; leases = await both.lease(20)) {
      const rows = await db.sql<{ kind: string }>(
        `select distinct r.team_id || r.target_fingerprint as kind from measurements m
           join profile_runs r on r.id = m.profile_run_id where m.fencing_number = any($1)`,
        [leases.map(({ fencingNumber }) => fencingNumber)],
      );
      expect(rows).toHaveLength(1);
      rows.forEach(({ kind }) => kinds.add(kind));
    }
    expect(kinds.size).toBe(4);
    // The device of one target was never offered the other.
    expect(await pool.agent.lease(20)).toEqual([]);
  });

  it('are found by index among a hundred thousand that wait', async () => {
    const pool = await grantedPool(db);
    const poolId = uuidIn(pool.owner.poolId);
    for (let run = 0; run < 10; run++)
      await queueNetworks(db, pool.owner, { poolId, count: 10_000, fingerprint });
    await db.sql('analyze measurements');
    await db.sql('analyze profile_runs');
    const { principal } = await pool.agent.ctx();
    if (principal.kind !== 'AGENT') throw new Error('no agent');
    const plan = await db.platform.inScope(
      { teamId: principal.teamId, poolId: principal.poolId, publicRows: false },
      (tx) =>
        tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }[]>(
          `explain (analyze, format json)
           select w.id from profile_runs r cross join lateral (
             select m.id from measurements m where m.profile_run_id = r.id and m.status = 'QUEUED'
               and (m.failed_device_id is distinct from $2 or m.reported_at < now() - interval '5 minutes')
             order by m.ordinal limit 64 for update of m skip locked) w
           where r.pool_id = $1 and r.team_id = $3 and r.target_fingerprint = $4 and r.status in ('QUEUED', 'RUNNING')
           order by r.created_at, r.id limit 64`,
          [poolId, principal.deviceId, pool.owner.teamId, fingerprint],
        ),
    );
    const root = plan[0]?.['QUERY PLAN'][0]?.Plan;
    const scans = nodesOf(root).filter((node) => node['Relation Name'] === 'measurements');
    expect(scans.map((node) => node['Index Name'])).toEqual(['measurements_queued']);
    // Rows looked at, of a hundred thousand that wait.
    expect(Math.max(...scans.map((node) => node['Actual Rows'] * node['Actual Loops']))).toBeLessThan(1_000);
  });
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode | undefined): PlanNode[] =>
  node ? [node, ...(node.Plans ?? []).flatMap(nodesOf)] : [];
