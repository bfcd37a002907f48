import { randomUUID } from 'node:crypto';
import { subscribe, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../graphql/context.js';
import { toGlobalId } from '../../graphql/node-ids.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { pairedAgent, reportOf, uuidIn, type TestAgent } from './testing/agents.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;
let agent: TestAgent;

beforeAll(async () => {
  db = await testDatabase();
  other = await fashionTeam(db);
});
afterAll(() => db.close());
beforeEach(async () => {
  own = await fashionTeam(db);
  agent = await pairedAgent(db, own.ctx, own.poolId);
  await db.sql(
    'update device_profiles set target_id = (select target_id from device_targets where device_id = $1) where id = $2',
    [uuidIn(agent.deviceId), uuidIn(own.profileId)],
  );
});

const fresh = ({ ctx }: FashionTeam): RequestContext => db.contextOf(ctx.principal);
const nowhere = (type: 'SpaceVersion' | 'Pool' | 'DeviceProfile' | 'ProfileRun') =>
  toGlobalId(type, randomUUID());

const start = (more: Record<string, unknown> = {}, by = own) =>
  ask(
    db,
    fresh(by),
    'mutation ($input: StartProfileInput!) { startProfile(input: $input) { profileRun { id status kind measurementCount target { name } } } }',
    { input: { idempotencyKey: randomUUID(), spaceVersionId: own.versionId, poolId: own.poolId, ...more } },
  );
const measure = (more: Record<string, unknown> = {}, by = own) =>
  ask(
    db,
    fresh(by),
    'mutation ($input: MeasureArchitecturesInput!) { measureArchitectures(input: $input) { profileRun { id kind measurementCount deviceProfile { id } } } }',
    {
      input: {
        idempotencyKey: randomUUID(),
        deviceProfileId: own.profileId,
        poolId: own.poolId,
        encodings: [[1, 2, 3]],
        ...more,
      },
    },
  );
const share = (visibility: 'PUBLIC' | 'PRIVATE', by = own, deviceProfileId = own.profileId) =>
  ask(
    db,
    fresh(by),
    'mutation ($input: ShareProfileInput!) { shareProfile(input: $input) { deviceProfile { id visibility } } }',
    { input: { deviceProfileId, visibility } },
  );
const openSpace = () =>
  db.sql(
    `with s as (update search_spaces set visibility = 'PUBLIC' where team_id = $1)
     update space_versions set visibility = 'PUBLIC' where team_id = $1`,
    [own.teamId],
  );

describe('starting a profile', () => {
  it('plans every block alone and in a chain, and networks to fit and to check', async () => {
    const { data } = await start({ seed: 5 });
    expect(data.startProfile.profileRun).toMatchObject({
      status: 'QUEUED',
      kind: 'PROFILE',
      measurementCount: 222,
      target: { name: 'Intel Xeon CPU · fp32 · 1 thread · batch 16' },
    });
    const purposes = await db.sql<{ purpose: string; n: number }>(
      'select purpose, count(*)::int as n from measurements where team_id = $1 group by purpose order by purpose',
      [own.teamId],
    );
    expect(purposes).toEqual([
      { purpose: 'BLOCK', n: 162 },
      { purpose: 'FIT', n: 20 },
      { purpose: 'HELD_OUT', n: 40 },
    ]);
  });

  it('is done once for a key', async () => {
    const idempotencyKey = randomUUID();
    const [a, b] = await Promise.all([start({ idempotencyKey }), start({ idempotencyKey })]);
    expect(a.data.startProfile).toEqual(b.data.startProfile);
    expect((await start({ idempotencyKey, seed: 1 })).codes).toEqual(['IDEMPOTENCY_MISMATCH']);
  });

  it.each([
    ['an unknown version', () => ({ spaceVersionId: nowhere('SpaceVersion') }), 'NOT_FOUND'],
    ['another team’s version', () => ({ spaceVersionId: other.versionId }), 'NOT_FOUND'],
    ['another team’s pool', () => ({ poolId: other.poolId }), 'NOT_FOUND'],
    ['an unknown pool', () => ({ poolId: nowhere('Pool') }), 'NOT_FOUND'],
    ['a malformed id', () => ({ poolId: 'pool' }), 'BAD_INPUT'],
    ['an id of another kind', () => ({ poolId: own.versionId }), 'NOT_FOUND'],
    ['a negative seed', () => ({ seed: -1 }), 'BAD_INPUT'],
  ])('refuses %s', async (_what, more, code) => {
    expect((await start(more())).codes).toEqual([code]);
  });

  it('refuses a pruned version', async () => {
    const { data } = await ask(
      db,
      fresh(own),
      'mutation ($input: CreatePrunedSpaceInput!) { createPrunedSpace(input: $input) { version { id } } }',
      {
        input: {
          idempotencyKey: randomUUID(),
          pruning: { spaceVersionId: own.versionId, rule: 'RANDOM', ratio: 0.5 },
        },
      },
    );
    const { codes, errors } = await start({ spaceVersionId: data.createPrunedSpace.version.id });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe('input.spaceVersionId');
  });

  it('needs a device in the pool, and the right to', async () => {
    expect((await start({ spaceVersionId: other.versionId, poolId: other.poolId }, other)).codes).toEqual([
      'CONFLICT',
    ]);
    const viewer = db.contextOf({
      kind: 'TOKEN',
      tokenId: randomUUID(),
      teamId: own.teamId,
      role: 'VIEWER',
      scopes: ['PROFILES_READ'],
    });
    expect((await start({}, { ...own, ctx: viewer })).codes).toEqual(['FORBIDDEN']);
    expect((await start({}, { ...own, ctx: db.visitor })).codes).toEqual(['UNAUTHENTICATED']);
  });
});

describe('measuring architectures', () => {
  it.each([
    ['too short', [[1, 2]]],
    ['too long', [[1, 2, 3, 4]]],
    ['out of range', [[0, 0, 27]]],
    ['negative', [[0, -1, 0]]],
    ['huge', [[0, 0, 2_147_483_647]]],
    ['empty', [[]]],
  ])('refuses an encoding that is %s, and says which', async (_what, encodings) => {
    const { codes, errors } = await measure({ encodings: [[0, 0, 0], ...encodings] });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe('input.encodings.1');
  });

  it('takes 1–500, each once', async () => {
    expect((await measure({ encodings: [] })).codes).toEqual(['BAD_INPUT']);
    expect((await measure({ encodings: Array.from({ length: 501 }, () => [0, 0, 0]) })).codes).toEqual([
      'BAD_INPUT',
    ]);
    const { data } = await measure({ encodings: Array.from({ length: 500 }, (_, i) => [i % 10, 0, 0]) });
    expect(data.measureArchitectures.profileRun).toMatchObject({
      kind: 'ARCHITECTURES',
      measurementCount: 10,
      deviceProfile: null,
    });
  });

  it('adds to the team’s own profile alone', async () => {
    expect((await measure({ poolId: other.poolId }, other)).codes).toEqual(['NOT_FOUND']);
    await openSpace();
    await share('PUBLIC');
    expect((await measure({ poolId: other.poolId }, other)).codes).toEqual(['FORBIDDEN']);
    expect((await measure({ deviceProfileId: nowhere('DeviceProfile') })).codes).toEqual(['NOT_FOUND']);
  });

  it('needs a device of the profile’s target', async () => {
    await db.sql(
      `update device_profiles set target_id = (select id from hardware_targets where team_id = $1 and fingerprint = 'test-target') where id = $2`,
      [own.teamId, uuidIn(own.profileId)],
    );
    expect((await measure()).codes).toEqual(['CONFLICT']);
  });
});

describe('sharing a profile', () => {
  const READ = `query ($id: ID!) { node(id: $id) { ... on DeviceProfile {
    latencyMs efficiency fixedMs team { slug } target { name } space { name } spaceVersion { size } run { id } quality { heldOutCount } } } }`;
  const seenBy = async (ctx: RequestContext) =>
    ask(db, db.contextOf(ctx.principal), READ, { id: own.profileId });

  it('shows it, its target and its measured networks to everybody, and hides it again', async () => {
    await measure();
    const [lease] = await agent.lease();
    if (lease)
      await agent.report([
        reportOf(lease, {
          layers: Array.from({ length: 3 }, () => new Array<number>(27).fill(1)),
          fixedMs: 1,
        }),
      ]);
    const open = async () =>
      (
        await db.sql<{ n: number }>(
          `select count(*)::int as n from architecture_latencies where visibility = 'PUBLIC' and team_id = $1`,
          [own.teamId],
        )
      )[0]?.n;
    expect((await seenBy(db.visitor)).data.node).toBeNull();
    await openSpace();
    expect((await share('PUBLIC')).data.shareProfile.deviceProfile.visibility).toBe('PUBLIC');
    expect(await open()).toBe(1);
    for (const ctx of [db.visitor, other.ctx]) {
      const { data, codes } = await seenBy(ctx);
      expect(codes).toEqual([]);
      expect(data.node).toMatchObject({
        space: { name: 'fashion-mobile' },
        target: { name: 'Intel Xeon CPU · fp32 · 1 thread · batch 16' },
        run: null,
      });
      const [params, ms] = [16 * 16 * 2 + 16 * 9, data.node.latencyMs[0][0]];
      // k3e1d1 on 16 channels: two pointwise convolutions, a depthwise one, and three norms of scale and shift.
      expect(data.node.efficiency[0][0]).toBeCloseTo((params + 2 * 3 * 16) / ms, 3);
    }
    await share('PRIVATE');
    expect(await open()).toBe(0);
    expect((await seenBy(db.visitor)).data.node).toBeNull();
  });

  it('needs a public space, and the profile to be the team’s', async () => {
    expect((await share('PUBLIC')).codes).toEqual(['CONFLICT']);
    expect((await share('PUBLIC', other)).codes).toEqual(['NOT_FOUND']);
    await openSpace();
    await share('PUBLIC');
    expect((await share('PRIVATE', other)).codes).toEqual(['FORBIDDEN']);
  });
});

describe('lists', () => {
  it('pages campaigns newest first without one twice or one missing', async () => {
    for (let i = 0; i < 5; i++) await start({ seed: i });
    const query = `query ($after: String) { profileRuns(first: 2, after: $after) { nodes { id doneCount failedCount unstableCount deviceProfile { id } } pageInfo { hasNextPage endCursor } } }`;
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const {
        data,
      }: {
        data: {
          profileRuns: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        };
      } = await ask(db, fresh(own), query, { after });
      seen.push(...data.profileRuns.nodes.map(({ id }) => id));
      after = data.profileRuns.pageInfo.endCursor;
      more = data.profileRuns.pageInfo.hasNextPage;
    }
    const rows = await db.sql<{ id: string }>(
      'select id from profile_runs where team_id = $1 order by created_at desc, id desc',
      [own.teamId],
    );
    expect(seen).toEqual(rows.map(({ id }) => toGlobalId('ProfileRun', id)));
  });

  it('finds profiles by space, and none of others', async () => {
    const query = 'query ($space: ID) { deviceProfiles(first: 10, spaceId: $space) { nodes { id } } }';
    const mine = await ask(db, fresh(own), query, { space: own.spaceId });
    expect(mine.data.deviceProfiles.nodes).toEqual([{ id: own.profileId }]);
    expect((await ask(db, fresh(own), query, { space: other.spaceId })).data.deviceProfiles.nodes).toEqual(
      [],
    );
    expect((await ask(db, fresh(own), query, { space: 'x' })).codes).toEqual(['BAD_INPUT']);
    expect((await ask(db, db.visitor, '{ profileRuns(first: 1) { nodes { id } } }')).codes).toEqual([
      'UNAUTHENTICATED',
    ]);
  });

  it.each([
    'x',
    Buffer.from('["2020-99-99","1"]').toString('base64url'),
    Buffer.from('["a","b"]').toString('base64url'),
  ])('refuses the cursor %s', async (after) => {
    const { codes } = await ask(
      db,
      fresh(own),
      'query ($after: String) { deviceProfiles(first: 1, after: $after) { nodes { id } } }',
      { after },
    );
    expect(codes).toEqual(['BAD_INPUT']);
  });
});

describe('profileProgress', () => {
  const SUBSCRIBE = parse('subscription ($id: ID!) { profileProgress(id: $id) { status done total runId } }');
  const follow = (id: string, team: FashionTeam) =>
    subscribe({
      schema: db.app.schema,
      document: SUBSCRIBE,
      variableValues: { id },
      contextValue: fresh(team),
    }) as Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;

  it('tells each step of a campaign and ends with it', async () => {
    const { data } = await measure({
      encodings: [
        [0, 0, 0],
        [1, 1, 1],
      ],
    });
    const id = data.measureArchitectures.profileRun.id;
    const steps = await follow(id, own);
    if (!(Symbol.asyncIterator in steps)) throw new Error('no stream');
    const table = { layers: Array.from({ length: 3 }, () => new Array<number>(27).fill(1)), fixedMs: 1 };
    const seen: unknown[] = [];
    const read = (async () => {
      for await (const step of steps) seen.push(step.data?.['profileProgress']);
    })();
    await expect.poll(() => seen.length).toBe(1);
    const leases = await agent.lease();
    await expect.poll(() => seen.length).toBe(2);
    for (const [i, lease] of leases.entries()) {
      await agent.report([reportOf(lease, table)]);
      await expect.poll(() => seen.length).toBe(3 + i);
    }
    await read;
    expect(seen).toEqual([
      { status: 'QUEUED', done: 0, total: 2, runId: id },
      { status: 'RUNNING', done: 0, total: 2, runId: id },
      { status: 'RUNNING', done: 1, total: 2, runId: id },
      { status: 'SUCCEEDED', done: 2, total: 2, runId: id },
    ]);
  });

  it('tells another team nothing', async () => {
    const { data } = await measure();
    const steps = await follow(data.measureArchitectures.profileRun.id, other);
    const first =
      Symbol.asyncIterator in steps ? await steps.next().catch((error: unknown) => error) : steps.errors?.[0];
    expect(JSON.stringify(first)).toContain('not found');
    expect(JSON.stringify(first)).not.toContain('QUEUED');
  });
});
