import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../../graphql/node-ids.js';
import type { RequestContext } from '../../graphql/context.js';
import { ask, type Answer } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { outcomesOf, pairedAgent, reportOf, TARGET, uuidIn } from '../profiles/testing/agents.js';
import { concludeAll, NO_LEASE, truth } from '../profiles/testing/campaigns.js';
import { fashionTeam } from '../testing/fashion.js';
import { grant, grantedPool, queueNetworks, startProfile, type GrantedPool } from './testing/granted-pool.js';
import { fingerprintOf } from './targets.js';

let db: TestDatabase;
let shared: GrantedPool;

beforeAll(async () => {
  db = await testDatabase();
  shared = await grantedPool(db, { quotaDeviceSecondsPerDay: 3_600, priority: 7 });
});
afterAll(() => db.close());

const POOL = `query ($id: ID!) { node(id: $id) { ... on Pool { name team { name }
  devices(first: 5) { nodes { name status environment activity servingTeam { name } targets { fingerprint } } }
  targets { fingerprint } grants { id priority team { name } } usage { team { name } deviceSeconds measurements } } } }`;
const RUN = `query ($id: ID!) { node(id: $id) { ... on ProfileRun { status error waitingFor doneCount
  target { id name fingerprint } deviceProfile { id fixedMs } measurements(first: 1) { nodes { device { name } } } } } }`;

const poolOf = async (ctx: RequestContext, id: string) => (await ask(db, ctx, POOL, { id })).data.node;
const runOf = async (ctx: RequestContext, id: string) => (await ask(db, ctx, RUN, { id })).data.node;
const revoke = (ctx: RequestContext, grantId: string): Promise<Answer> =>
  ask(
    db,
    ctx,
    'mutation ($grantId: ID!) { revokeGrant(input: { grantId: $grantId }) { pool { grants { id } } } }',
    {
      grantId,
    },
  );

describe('a grant', () => {
  it('is made by short name or id, and made again it is changed', async () => {
    const { owner, grantee, grantId } = shared;
    const [team] = await db.sql<{ slug: string }>('select slug from teams where id = $1', [grantee.teamId]);
    const again = await grant(db, owner, grantee, {
      team: team?.slug,
      priority: 3,
      quotaDeviceSecondsPerDay: 60,
    });
    expect(again.data.grantPool.grant).toMatchObject({
      id: grantId,
      priority: 3,
      quotaDeviceSecondsPerDay: 60,
      team: { name: team?.slug },
    });
    await grant(db, owner, grantee, { quotaDeviceSecondsPerDay: 3_600, priority: 7 });
  });

  it.each([
    ['input.priority', { priority: 0 }],
    ['input.priority', { priority: 11 }],
    ['input.quotaDeviceSecondsPerDay', { quotaDeviceSecondsPerDay: 0 }],
    ['input.quotaDeviceSecondsPerDay', { quotaDeviceSecondsPerDay: -5 }],
    ['input.expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['input.team', { team: '' }],
  ])('is refused for a bad %s', async (field, terms) => {
    const { codes, errors } = await grant(db, shared.owner, shared.grantee, terms);
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe(field);
  });

  it('is for a team that is there, not for the owner, and given by the owner alone', async () => {
    const { owner, grantee } = shared;
    expect((await grant(db, owner, owner)).codes).toEqual(['BAD_INPUT']);
    expect((await grant(db, owner, grantee, { team: 'nobody-at-all' })).codes).toEqual(['NOT_FOUND']);
    expect(
      (await grant(db, owner, grantee, { team: toGlobalId('Pool', uuidIn(owner.poolId)) })).codes,
    ).toEqual(['NOT_FOUND']);
    const third = await fashionTeam(db);
    // The grantee sees the pool and still grants nothing of it; a stranger does not learn that it is there.
    for (const ctx of [grantee.ctx, third.ctx]) {
      const input = { poolId: owner.poolId, team: toGlobalId('Team', third.teamId) };
      const { codes } = await ask(
        db,
        ctx,
        'mutation ($input: GrantPoolInput!) { grantPool(input: $input) { grant { id } } }',
        { input },
      );
      expect(codes).toEqual(['NOT_FOUND']);
    }
  });

  it('shows the pool, its devices and targets to the team that has it, and to no other', async () => {
    const { owner, agent, grantee } = shared;
    await agent.heartbeat();
    const seen = await poolOf(grantee.ctx, owner.poolId);
    expect(seen).toMatchObject({
      name: 'pool',
      devices: {
        nodes: [{ status: 'ONLINE', environment: { cores: 2 }, activity: null, servingTeam: null }],
      },
      targets: [{ fingerprint: fingerprintOf(TARGET) }],
      grants: [{ priority: 7 }],
    });
    const { data } = await ask(
      db,
      grantee.ctx,
      '{ grantedPools(first: 5) { nodes { id } } pools(first: 5) { nodes { id } } devices(first: 5) { nodes { id } } }',
    );
    expect(data.grantedPools.nodes).toEqual([{ id: owner.poolId }]);
    expect(data.pools.nodes).toEqual([{ id: grantee.poolId }]);
    expect(data.devices.nodes).toEqual([]);
    const third = await fashionTeam(db);
    expect(await poolOf(third.ctx, owner.poolId)).toBeNull();
    expect((await startProfile(db, third, owner.poolId)).codes).toEqual(['NOT_FOUND']);
  });

  it('lets a team have its space profiled on another team’s device, from start to published profile', async () => {
    const { owner, agent, grantee } = await grantedPool(db);
    const { data } = await startProfile(db, grantee, owner.poolId);
    const id: string = data.startProfile.profileRun.id;
    expect((await runOf(grantee.ctx, id)).waitingFor).toBeNull();
    for (let leases = await agent.lease(); leases.length > 0; leases = await agent.lease())
      expect(new Set(outcomesOf(await agent.report(leases.map((l) => reportOf(l, truth)))))).toEqual(
        new Set(['ACCEPTED']),
      );
    await concludeAll(db);
    const run = await runOf(grantee.ctx, id);
    expect(run).toMatchObject({ status: 'SUCCEEDED', error: null, doneCount: 222 });
    const [profile] = await db.sql<{ team_id: string; owner: string }>(
      `select p.team_id, t.team_id as owner from device_profiles p join hardware_targets t on t.id = p.target_id where p.id = $1`,
      [uuidIn(run.deviceProfile.id)],
    );
    // Profile and target are the grantee's own rows, so that they outlive the grant.
    expect(profile).toEqual({ team_id: grantee.teamId, owner: grantee.teamId });
    expect(run.target.fingerprint).toBe(fingerprintOf(TARGET));

    // The owner learns who used how much, and not what for.
    const { usage } = await poolOf(owner.ctx, owner.poolId);
    expect(usage).toHaveLength(1);
    expect(usage[0]).toMatchObject({ measurements: 222 });
    expect(usage[0].deviceSeconds).toBeGreaterThan(0);
    for (const secret of [id, run.deviceProfile.id, run.target.id, grantee.versionId, grantee.spaceId])
      expect(
        (await ask(db, owner.ctx, 'query ($id: ID!) { node(id: $id) { id } }', { id: secret })).data.node,
      ).toBeNull();
    expect(
      (await ask(db, owner.ctx, '{ profileRuns(first: 9) { nodes { id } } }')).data.profileRuns.nodes,
    ).toEqual([]);
  });

  it('hides the owner’s campaigns and use from the team that has it', async () => {
    const { owner, agent, grantee } = await grantedPool(db);
    const own = (await startProfile(db, owner, owner.poolId)).data.startProfile.profileRun.id;
    const [lease] = await agent.lease(1);
    await agent.report([reportOf(lease ?? NO_LEASE, truth)]);
    await agent.lease(1);
    expect((await poolOf(grantee.ctx, owner.poolId)).usage).toEqual([]);
    expect((await poolOf(grantee.ctx, owner.poolId)).devices.nodes[0].servingTeam).toBeNull();
    expect((await poolOf(owner.ctx, owner.poolId)).devices.nodes[0].servingTeam).not.toBeNull();
    for (const id of [own, lease?.measurementId, owner.versionId])
      expect(
        (await ask(db, grantee.ctx, 'query ($id: ID!) { node(id: $id) { id } }', { id })).data.node,
      ).toBeNull();
  });

  it('ends by revocation and by its date: what waits is not measured, and says why', async () => {
    for (const end of ['revoked', 'expired']) {
      const { owner, agent, grantee, grantId } = await grantedPool(db);
      const id = (await startProfile(db, grantee, owner.poolId)).data.startProfile.profileRun.id;
      const [lease] = await agent.lease(1);
      if (end === 'revoked') {
        expect((await revoke(grantee.ctx, grantId)).codes).toEqual(['NOT_FOUND']);
        expect((await revoke(owner.ctx, grantId)).data.revokeGrant.pool.grants).toEqual([]);
        expect((await revoke(owner.ctx, grantId)).codes).toEqual([]);
      } else await db.sql(`update pool_grants set expires_at = now() where id = $1`, [uuidIn(grantId)]);
      expect(await agent.lease(1)).toEqual([]);
      // What was being measured is finished.
      expect(outcomesOf(await agent.report([reportOf(lease ?? NO_LEASE, truth)]))).toEqual(['ACCEPTED']);
      expect((await runOf(grantee.ctx, id)).waitingFor).toMatch(/grant .* ended/);
      expect(await poolOf(grantee.ctx, owner.poolId)).toBeNull();
      expect((await startProfile(db, grantee, owner.poolId)).codes).toEqual(['NOT_FOUND']);
      // The records still name the team.
      expect((await poolOf(owner.ctx, owner.poolId)).usage).toHaveLength(1);
    }
  });
});

describe('an agent of a granted pool', () => {
  it('sees nothing of the grantee but what it measures', async () => {
    const { owner, agent, grantee } = await grantedPool(db);
    await startProfile(db, grantee, owner.poolId);
    const elsewhere = await startProfile(db, grantee, grantee.poolId);
    expect(elsewhere.codes).toEqual(['CONFLICT']);
    const { principal } = await agent.ctx();
    if (principal.kind !== 'AGENT') throw new Error('no agent');
    const counts = await db.platform.inScope(
      { teamId: principal.teamId, poolId: principal.poolId, publicRows: false },
      async (tx) => {
        const count = async (sql: string): Promise<number> =>
          (await tx.query<{ n: number }[]>(`select count(*)::int as n from ${sql}`, [grantee.teamId]))[0]
            ?.n ?? -1;
        return {
          versions: await count('space_versions where team_id = $1'),
          spaces: await count('search_spaces where team_id = $1'),
          profiles: await count('device_profiles where team_id = $1'),
          targets: await count('hardware_targets where team_id = $1'),
          sources: await count('accuracy_sources where team_id = $1'),
          runs: await count('profile_runs where team_id = $1'),
        };
      },
    );
    expect(counts).toEqual({ versions: 1, spaces: 0, profiles: 0, targets: 0, sources: 0, runs: 1 });
    // Nor can it write in the grantee's name.
    await expect(
      db.platform.inScope({ teamId: principal.teamId, poolId: principal.poolId }, (tx) =>
        tx.query(`insert into pools (team_id, name) values ($1, 'smuggled')`, [grantee.teamId]),
      ),
    ).rejects.toThrow(/row-level security/);
  });

  it('reports for no measurement of another pool, also of a team whose campaigns it measures', async () => {
    const { owner, grantee } = await grantedPool(db);
    const elsewhere = await pairedAgent(db, grantee.ctx, grantee.poolId);
    await startProfile(db, grantee, grantee.poolId);
    const [lease] = await elsewhere.lease(1);
    const intruder = await pairedAgent(db, owner.ctx, owner.poolId);
    expect((await intruder.report([reportOf(lease ?? NO_LEASE, truth)])).codes).toEqual(['NOT_FOUND']);
  });
});

describe('a quota', () => {
  it('is spent by device time, says so, and is there again the next day', async () => {
    const { owner, agent, grantee } = await grantedPool(db, { quotaDeviceSecondsPerDay: 3 });
    const poolId = uuidIn(owner.poolId);
    const id = toGlobalId(
      'ProfileRun',
      await queueNetworks(db, grantee, { poolId, count: 50, fingerprint: fingerprintOf(TARGET) }),
    );
    let measured = 0;
    for (let leases = await agent.lease(1); leases.length > 0; leases = await agent.lease(1)) {
      await db.sql(
        `update measurements set leased_at = now() - interval '2 seconds' where fencing_number = $1`,
        [leases[0]?.fencingNumber],
      );
      await agent.report(leases.map((l) => ({ ...reportOf(l, truth), deviceMs: 1_000 })));
      measured += leases.length;
    }
    expect(measured).toBe(3);
    expect((await runOf(grantee.ctx, id)).waitingFor).toMatch(/quota of 3 device-seconds is spent/);
    // The owner's own work is not held up by it.
    await startProfile(db, owner, owner.poolId);
    expect(await agent.lease(1)).toHaveLength(1);
    await db.sql(`update pool_usage set day = day - 1 where pool_id = $1`, [poolId]);
    expect((await runOf(grantee.ctx, id)).waitingFor).toBeNull();
  });

  it('cannot be escaped or overdrawn by what a report says', async () => {
    const { owner, agent, grantee } = await grantedPool(db, { quotaDeviceSecondsPerDay: 3_600 });
    const poolId = uuidIn(owner.poolId);
    await queueNetworks(db, grantee, { poolId, count: 9, fingerprint: fingerprintOf(TARGET) });
    const [lease] = await agent.lease(1);
    const bad = await agent.report([{ ...reportOf(lease ?? NO_LEASE, truth), deviceMs: -1 }]);
    expect(bad.codes).toEqual(['BAD_INPUT']);
    await agent.report([{ ...reportOf(lease ?? NO_LEASE, truth), deviceMs: 80_000_000 }]);
    const [used] = await db.sql<{ ms: number }>(
      'select sum(device_ms) as ms from pool_usage where pool_id = $1',
      [poolId],
    );
    // At most the lease's age, which is the length of this test.
    expect(used?.ms).toBeLessThan(60_000);
    expect(used?.ms).toBeGreaterThan(0);
  });
});

it('walks: every id of a grant that is not the caller’s is not found', async () => {
  const stranger = await fashionTeam(db);
  const { grantId } = shared;
  expect((await revoke(stranger.ctx, grantId)).codes).toEqual(['NOT_FOUND']);
  expect((await revoke(stranger.ctx, toGlobalId('PoolGrant', randomUUID()))).codes).toEqual(['NOT_FOUND']);
  expect(
    (await ask(db, stranger.ctx, 'query ($id: ID!) { node(id: $id) { id } }', { id: grantId })).data.node,
  ).toBeNull();
});
