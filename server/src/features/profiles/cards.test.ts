import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { fashionMobile, positionsOf } from '@espalier/nas/space';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, type Answer } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { mintToken } from '../../platform/tokens.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { reportOf, uuidIn } from './testing/agents.js';
import { measuringTeam, truth } from './testing/campaigns.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;

beforeAll(async () => {
  db = await testDatabase();
  other = await fashionTeam(db);
});
afterAll(() => db.close());
beforeEach(async () => {
  own = await fashionTeam(db);
});

const as = ({ ctx }: FashionTeam) => db.contextOf(ctx.principal);
const fork = (more: Record<string, unknown> = {}, by = own): Promise<Answer> =>
  ask(
    db,
    as(by),
    `mutation ($input: ForkProfileInput!) { forkProfile(input: $input) { deviceProfile {
       id version note latencyMs parent { id } overrides { layer choice ms wasMs } supersededBy { id } team { slug }
       target { name } quality { heldOutCount } } } }`,
    { input: { idempotencyKey: randomUUID(), deviceProfileId: own.profileId, ...more } },
  );
const publish = () =>
  db.sql(
    `with s as (update search_spaces set visibility = 'PUBLIC' where team_id = $1),
       v as (update space_versions set visibility = 'PUBLIC' where team_id = $1),
       t as (update hardware_targets set visibility = 'PUBLIC' where team_id = $1)
     update device_profiles set visibility = 'PUBLIC' where team_id = $1`,
    [own.teamId],
  );

describe('a profile card', () => {
  it('holds what is needed to judge and to repeat it, and every sample for who sees it', async () => {
    const measuring = await measuringTeam(db);
    const id = await measuring.startProfile();
    for (
      let leases = await measuring.agent.lease();
      leases.length > 0;
      leases = await measuring.agent.lease()
    )
      await measuring.agent.report(leases.map((lease) => reportOf(lease, truth)));
    await measuring.conclude();
    const { data } = await ask(
      db,
      measuring.fresh(),
      `query ($id: ID!) { node(id: $id) { ... on ProfileRun { options deviceProfile { id uncorrectedMs intervalMs { low high }
         details options environment referenceReadings { at ms } unstable { reason } samplesPath version
         quality { uncorrected { mape kendallTau } heldOut { encoding measuredMs predictedMs uncorrectedMs } } } } } }`,
      { id },
    );
    const { options, deviceProfile: card } = data.node;
    expect(options).toMatchObject({ batch: 16, seed: 0 });
    expect(card).toMatchObject({
      // The team's fixture is the first of the series.
      version: 2,
      unstable: [],
      options,
      environment: [{ environment: { cores: 2 } }],
    });
    expect(card.referenceReadings).toHaveLength(222);
    expect(card.quality.heldOut).toHaveLength(40);
    expect(card.quality.uncorrected.mape).toBeGreaterThanOrEqual(0);
    expect(card.uncorrectedMs).toHaveLength(3);

    const http: FastifyInstance = await db.app.http();
    const token = mintToken('API');
    const otherToken = mintToken('API');
    for (const [{ prefix, hash }, teamId] of [
      [token, measuring.team.teamId],
      [otherToken, other.teamId],
    ] as const)
      await db.sql(
        `insert into tokens (team_id, kind, name, prefix, secret_hash, scopes, role)
         values ($1, 'API', 'test', $2, $3, '{PROFILES_READ}', 'MEMBER')`,
        [teamId, prefix, hash],
      );
    const get = (secret: string | null, url: string = card.samplesPath) =>
      http.inject({ url, headers: secret ? { authorization: `Bearer ${secret}` } : {} });
    const file = await get(token.secret);
    expect(file.statusCode).toBe(200);
    expect(gunzipSync(file.rawPayload).toString('utf8').trimEnd().split('\n')).toHaveLength(222);
    for (const secret of [null, otherToken.secret, measuring.agent.token])
      expect([404, 403]).toContain((await get(secret)).statusCode);
    for (const bad of ['/profiles/x/samples', `/profiles/${id}/samples`])
      expect((await get(token.secret, bad)).statusCode).toBe(404);
    await http.close();
  });
});

describe('versions', () => {
  it('number the profiles of one team, space, target and method, and name the newest', async () => {
    const first = (await fork()).data.forkProfile.deviceProfile;
    const second = (await fork()).data.forkProfile.deviceProfile;
    expect([first.version, second.version]).toEqual([2, 3]);
    const { data } = await ask(
      db,
      as(own),
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on DeviceProfile { version supersededBy { id } } } }',
      { ids: [own.profileId, first.id, second.id] },
    );
    expect(data.nodes).toEqual([
      { version: 1, supersededBy: { id: second.id } },
      { version: 2, supersededBy: { id: second.id } },
      { version: 3, supersededBy: null },
    ]);
  });

  it('are one each when two end at once', async () => {
    const forks = await Promise.all([fork(), fork(), fork()]);
    expect(forks.map(({ data }) => data.forkProfile.deviceProfile.version).sort()).toEqual([2, 3, 4]);
  });
});

describe('a fork', () => {
  it('is a copy in the own team that names its parent and what was changed by hand', async () => {
    await publish();
    const { data } = await fork(
      { note: 'slower memory', changes: [{ layer: 1, choice: 2, ms: 9.5 }] },
      other,
    );
    const copy = data.forkProfile.deviceProfile;
    expect(copy).toMatchObject({
      version: 1,
      note: 'slower memory',
      parent: { id: own.profileId },
      overrides: [{ layer: 1, choice: 2, ms: 9.5 }],
      target: { name: 'Test CPU · fp32 · 1 thread · batch 16' },
    });
    expect(copy.latencyMs[1][2]).toBe(9.5);
    expect(copy.overrides[0].wasMs).not.toBe(9.5);
    // It stays when the original is shown no longer, which is then no longer named.
    await db.sql(`update device_profiles set visibility = 'PRIVATE' where team_id = $1`, [own.teamId]);
    const { data: later } = await ask(
      db,
      as(other),
      'query ($id: ID!) { node(id: $id) { ... on DeviceProfile { latencyMs parent { id } } } }',
      { id: copy.id },
    );
    expect(later.node.parent).toBeNull();
    expect(later.node.latencyMs[1][2]).toBe(9.5);
  });

  it('is made once for a key, and of what is visible', async () => {
    const idempotencyKey = randomUUID();
    const [a, b] = [await fork({ idempotencyKey }), await fork({ idempotencyKey })];
    expect(a.data).toEqual(b.data);
    expect((await fork({ idempotencyKey, note: 'else' })).codes).toEqual(['IDEMPOTENCY_MISMATCH']);
    expect((await fork({}, other)).codes).toEqual(['NOT_FOUND']);
  });

  it.each([
    ['a layer that is none', [{ layer: 3, choice: 0, ms: 1 }], 'input.changes.0.layer'],
    ['a choice that is none', [{ layer: 0, choice: 27, ms: 1 }], 'input.changes.0.choice'],
    ['a negative time', [{ layer: 0, choice: 0, ms: -1 }], 'input.changes.0.ms'],
    ['an hour and more', [{ layer: 0, choice: 0, ms: 3_600_001 }], 'input.changes.0.ms'],
    [
      'an entry twice',
      [
        { layer: 0, choice: 0, ms: 1 },
        { layer: 0, choice: 0, ms: 2 },
      ],
      'input.changes.1',
    ],
  ])('refuses %s', async (_what, changes, field) => {
    const { codes, errors } = await fork({ changes });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe(field);
  });
});

describe('a pin', () => {
  const setPin = (name: 'pinProfile' | 'unpinProfile', id: string, by = own) =>
    ask(
      db,
      as(by),
      `mutation ($id: ID!) { ${name}(input: { deviceProfileId: $id }) { deviceProfile { id pinned } } }`,
      { id },
    );
  const usual = async (by = own): Promise<string | undefined> =>
    (await ask(db, as(by), 'query ($id: ID!) { defaultProfile(spaceId: $id) { id } }', { id: own.spaceId }))
      .data.defaultProfile?.id;

  it('is used when no profile is named, until it is taken back; the newest otherwise', async () => {
    const copy = (await fork()).data.forkProfile.deviceProfile.id;
    expect(await usual()).toBe(copy);
    await setPin('pinProfile', own.profileId);
    expect(await usual()).toBe(own.profileId);
    const { data, codes } = await ask(
      db,
      as(own),
      `mutation ($input: StartSearchInput!) { startSearch(input: $input) { searchRuns { deviceProfile { id pinned } } } }`,
      {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: own.versionId,
          accuracySourceId: own.sourceId,
          budget: 10,
        },
      },
    );
    expect(codes).toEqual([]);
    expect(data.startSearch.searchRuns[0].deviceProfile).toEqual({ id: own.profileId, pinned: true });
    await setPin('pinProfile', copy);
    expect(await usual()).toBe(copy);
    expect((await setPin('unpinProfile', copy)).data.unpinProfile.deviceProfile.pinned).toBe(false);
    await setPin('pinProfile', own.profileId);
    expect(await usual()).toBe(own.profileId);
  });

  it('counts for its team alone, and for nothing once the profile is not shown any more', async () => {
    await publish();
    expect((await setPin('pinProfile', own.profileId, other)).codes).toEqual([]);
    expect(await usual(other)).toBe(own.profileId);
    await db.sql(`update device_profiles set visibility = 'PRIVATE' where id = $1`, [uuidIn(own.profileId)]);
    expect(await usual(other)).toBeUndefined();
    expect((await setPin('pinProfile', own.profileId, other)).codes).toEqual(['NOT_FOUND']);
  });
});

describe('importing a table', () => {
  const target = {
    processor: 'Snapdragon 865',
    runtime: 'tflite 2.4',
    provider: 'cpu',
    precision: 'fp32',
    threads: 1,
    batch: 1,
  };
  const importing = (format: 'CSV' | 'JSON', content: string, more: Record<string, unknown> = {}, by = own) =>
    ask(
      db,
      as(by),
      `mutation ($input: ImportProfileInput!) { importProfile(input: $input) { deviceProfile {
         id method version latencyMs uncorrectedMs fixedMs details estimator note run { id } samplesPath target { name } quality { heldOutCount } } } }`,
      {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: own.versionId,
          target,
          format,
          content,
          source: 'a paper',
          ...more,
        },
      },
    );
  const positions = positionsOf(fashionMobile);
  const csv = (lines: readonly string[] = []): string =>
    [
      'position,choice,latency_ms',
      'fixed,,0.25',
      ...positions.flatMap(({ name, choices }, layer) =>
        choices.map((choice, at) => `${name},${choice.name},${1 + layer + at / 100}`),
      ),
      ...lines,
    ].join('\n');
  const layers = positions.map(({ choices }, layer) => choices.map((_, at) => 1 + layer + at / 100));

  it('takes CSV and both shapes of JSON to the same profile, marked as imported', async () => {
    const contents = [
      ['CSV', csv()],
      ['JSON', JSON.stringify({ layers, fixedMs: 0.25 })],
      [
        'JSON',
        JSON.stringify({
          fixedMs: 0.25,
          rows: layers.flatMap((layer, position) =>
            layer.map((latency_ms, choice) => ({ position, choice, latency_ms })),
          ),
        }),
      ],
    ] as const;
    for (const [at, [format, content]] of contents.entries()) {
      const { data, codes } = await importing(format, content, { note: 'by hand' });
      expect(codes).toEqual([]);
      expect(data.importProfile.deviceProfile).toMatchObject({
        method: 'IMPORTED',
        version: at + 1,
        latencyMs: layers,
        fixedMs: 0.25,
        details: { source: 'a paper' },
        note: 'by hand',
        run: null,
        samplesPath: null,
        target: { name: 'Snapdragon 865 CPU · fp32 · 1 thread · batch 1' },
      });
    }
  });

  it.each([
    ['a header that is none', 'CSV', 'a,b,c\n1,2,3', 1, null],
    ['a negative time', 'CSV', csv(['0,0,-1']), 84, 'latency_ms'],
    ['a block twice', 'CSV', csv(['0,0,1']), 84, 'choice'],
    ['an unknown block', 'CSV', csv(['0,k99,1']), 84, 'choice'],
    ['text for a time', 'CSV', csv(['0,0,fast']), 84, 'latency_ms'],
    ['an infinite time', 'CSV', csv(['0,0,Infinity']), 84, 'latency_ms'],
    ['blocks missing', 'CSV', 'position,choice,latency_ms\n0,0,1', null, 'choice'],
    ['what is no JSON', 'JSON', '{', null, null],
    ['JSON of another shape', 'JSON', '{"table": 1}', null, null],
    ['too few layers', 'JSON', JSON.stringify({ layers: [[1]] }), null, null],
    ['null for a time', 'JSON', JSON.stringify({ layers: [[null], [], []] }), 1, 'latency_ms'],
    ['rows that are none', 'JSON', JSON.stringify({ rows: [7, null, 'x'] }), 1, 'latency_ms'],
  ] as const)('refuses %s, says where, and stores nothing', async (_what, format, content, row, column) => {
    const { codes, errors } = await importing(format, content);
    expect(codes).toEqual(['BAD_INPUT']);
    const problems = errors?.[0]?.extensions['problems'] as { row: number | null; column: string | null }[];
    expect(problems[0]).toMatchObject({ row, column });
    const [stored] = await db.sql<{ n: number }>(
      `select count(*)::int as n from device_profiles where team_id = $1 and method = 'IMPORTED'`,
      [own.teamId],
    );
    expect(stored?.n).toBe(0);
  });

  it('is for versions that the team sees, unpruned, with a source and a whole target', async () => {
    expect((await importing('CSV', csv(), {}, other)).codes).toEqual(['NOT_FOUND']);
    expect((await importing('CSV', csv(), { source: ' ' })).codes).toEqual(['BAD_INPUT']);
    expect((await importing('CSV', csv(), { target: { ...target, threads: 0 } })).codes).toEqual([
      'BAD_INPUT',
    ]);
    expect((await importing('CSV', csv(), { note: 'x'.repeat(1001) })).codes).toEqual(['BAD_INPUT']);
    const start = await ask(
      db,
      as(own),
      'mutation ($input: StartProfileInput!) { startProfile(input: $input) { profileRun { id } } }',
      {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: own.versionId,
          poolId: own.poolId,
          method: 'IMPORTED',
        },
      },
    );
    expect(['BAD_INPUT', 'CONFLICT']).toContain(start.codes[0]);
  });
});

describe('planning', () => {
  it('says what a campaign would measure and about how long, and starts nothing', async () => {
    const plan = (more: Record<string, unknown>) =>
      ask(
        db,
        as(own),
        `query ($id: ID!, $method: ProfileMethod, $options: JSON) { profilingMethods
           profilePlan(spaceVersionId: $id, method: $method, options: $options) { measurementCount estimatedSeconds } }`,
        { id: own.versionId, method: 'ISOLATED', ...more },
      );
    const { data } = await plan({ options: { heldOutNetworks: 0 } });
    expect(data.profilingMethods).toContain('ISOLATED');
    expect(data.profilePlan.measurementCount).toBe(182);
    expect(data.profilePlan.estimatedSeconds).toBeGreaterThan(0);
    expect((await plan({ options: { nothing: 1 } })).codes).toEqual(['BAD_INPUT']);
    expect((await plan({ method: 'IMPORTED' })).codes).toEqual(['BAD_INPUT']);
  });
});

describe('transfer', () => {
  const transfer = (more: Record<string, unknown> = {}, by = own) =>
    ask(
      db,
      as(by),
      'mutation ($input: TransferProfileInput!) { transferProfile(input: $input) { profileRun { id options } } }',
      {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: own.versionId,
          poolId: own.poolId,
          ...more,
        },
      },
    );

  it('learns from the tables of other targets, keeps them with the campaign, and ends in a profile', async () => {
    const { team, agent, conclude, readRun } = await measuringTeam(db);
    const layersOf = (speed: number): number[][] =>
      truth.layers.map((layer, at) => layer.map((ms, choice) => speed * ms * (1 + ((at + choice) % 3) / 20)));
    for (const speed of [1, 2, 3])
      await ask(
        db,
        as(team),
        'mutation ($input: ImportProfileInput!) { importProfile(input: $input) { deviceProfile { id } } }',
        {
          input: {
            idempotencyKey: randomUUID(),
            spaceVersionId: team.versionId,
            target: {
              processor: `phone ${speed}`,
              runtime: 'none',
              provider: 'cpu',
              precision: 'fp32',
              threads: 1,
              batch: 1,
            },
            format: 'JSON',
            content: JSON.stringify({ layers: layersOf(speed), fixedMs: 0.4 * speed }),
            source: 'a test',
          },
        },
      );
    const { data, codes } = await transfer(
      { spaceVersionId: team.versionId, poolId: team.poolId, samples: 12, heldOut: 8 },
      team,
    );
    expect(codes).toEqual([]);
    const { id, options } = data.transferProfile.profileRun;
    // The fixture's own profile is of the target that is to be learnt, and the tables themselves are not told.
    expect(options.known.map(({ name }: { name: string }) => name.split(' CPU')[0]).sort()).toEqual([
      'phone 1',
      'phone 2',
      'phone 3',
    ]);
    expect(Object.keys(options.known[0]).sort()).toEqual(['name', 'sha256']);
    for (let leases = await agent.lease(); leases.length > 0; leases = await agent.lease())
      await agent.report(leases.map((lease) => reportOf(lease, truth)));
    await conclude();
    const run = await readRun(id);
    expect(run).toMatchObject({ status: 'SUCCEEDED', doneCount: 20 });
    expect(run.deviceProfile.quality.heldOutCount).toBe(8);
    expect(run.deviceProfile.quality.kendallTau).toBeGreaterThan(0.7);
  });

  it('refuses sources that are not there, twice or too many, and needs a device', async () => {
    expect((await transfer({}, other)).codes).toEqual(['NOT_FOUND']);
    expect((await transfer({ sources: [own.profileId, own.profileId] })).codes).toEqual(['BAD_INPUT']);
    expect((await transfer({ samples: 1 })).codes).toEqual(['BAD_INPUT']);
    expect((await transfer()).codes).toEqual(['CONFLICT']);
  });
});
