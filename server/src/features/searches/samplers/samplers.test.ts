import { randomUUID } from 'node:crypto';
import { predictedFront, shrunkenEffects } from '@espalier/nas/prune';
import { blockCosts } from '@espalier/nas/graph';
import { fashionMobile, keepAll, parseEncoding } from '@espalier/nas/space';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SamplerKind } from '../../../graphql/generated/resolvers.js';
import { uuidOf } from '../../../graphql/node-ids.js';
import { ask } from '../../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../../testing/fashion.js';
import { endedRuns, prunedSpace, startRuns } from '../../testing/search.js';
import { train, type Send } from '../external/testing/trainers.js';
import { SAMPLERS } from './registry.js';
import { TOLD, trialsOf, work, workBriefly, type TrialOf } from './testing.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;
/** 729 networks, pruned by 135 evaluations. */
let pruned: string;

beforeAll(async () => {
  db = await testDatabase();
  own = await fashionTeam(db);
  other = await fashionTeam(db);
  pruned = await prunedSpace(db, own, {
    rule: 'BLOCK_EFFECT',
    ratio: 0.7,
    deviceProfileId: own.profileId,
    accuracySourceId: own.sourceId,
    seed: 4,
  });
});
afterAll(() => db.close());

const RUN = `query ($id: ID!) { node(id: $id) { ... on SearchRun {
  status sampler budget evaluations evaluationsWithinLimits
  settings { populationSize tournamentSize childCount initialCount startRatio crossoverRate mutatedLayers parents unitProbabilities
    parentRatio mutationRatio mutationRate resolutionRate every rounds }
  limits { latencyMs accuracy paramCount macs }
  warmStart { searchRun { id } evaluations predictedFront }
  frontier { ordinal encoding accuracy latencyMs } } } }`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as `Answer.data`
const read = async (id: string, ctx = own.ctx): Promise<any> => (await ask(db, ctx, RUN, { id })).data.node;

const start = async (more: Readonly<Record<string, unknown>>): Promise<string> =>
  (await startRuns(db, own, more))[0] ?? '';

const ended = async (more: Readonly<Record<string, unknown>>): Promise<string> =>
  (await endedRuns(db, own, more))[0] ?? '';

const START = `mutation ($input: StartSearchInput!) { startSearch(input: $input) { searchRuns { id } } }`;

const refused = (more: Readonly<Record<string, unknown>>, team = own) =>
  ask(db, team.ctx, START, {
    input: {
      idempotencyKey: randomUUID(),
      spaceVersionId: team.versionId,
      deviceProfileId: team.profileId,
      accuracySourceId: team.sourceId,
      ...more,
    },
  });

/** By definition: of what keeps the limits whatever nothing else dominates, a network once, fastest first. */
function frontOf(trials: readonly TrialOf[]): string[] {
  const within = trials.filter((trial) => trial.within_limits);
  const front = within.filter(
    (a) =>
      !within.some(
        (b) =>
          b.accuracy >= a.accuracy &&
          b.latency_ms <= a.latency_ms &&
          (b.accuracy > a.accuracy || b.latency_ms < a.latency_ms),
      ),
  );
  const sorted = front.sort((a, b) => a.latency_ms - b.latency_ms || b.accuracy - a.accuracy);
  return [...new Set(sorted.map(({ architecture }) => [...architecture].join('.')))];
}

const encodings = (trials: readonly { architecture: Buffer }[]): string[] =>
  trials.map(({ architecture }) => [...architecture].join('.'));

const costs = blockCosts(fashionMobile);
const macsOf = (encoding: readonly number[]): number =>
  encoding.reduce((sum, choice, layer) => sum + (costs[layer]?.[choice]?.macs ?? NaN), 0);

describe.each(Object.keys(SAMPLERS) as SamplerKind[])('%s', (sampler) => {
  const settings = TOLD[sampler];

  it('spends its budget as it was told to, and goes on after each interruption to the same end', async () => {
    const limits = { latencyMs: 1.2 };
    // Proposals of those that fit models take a hundred times as long as others.
    const allowed = sampler === 'SURROGATE' || sampler === 'PROGRESSIVE_UNPRUNING' ? 190 : 1500;
    const asked = { spaceVersionId: pruned, sampler, settings, limits, seeds: [5], budget: allowed };
    const [straight, broken] = [await start(asked), await start(asked)];
    await work(db, own, straight);
    const run = await read(straight);
    const budget = sampler === 'EXHAUSTIVE' ? 135 + 729 : allowed;
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      sampler,
      budget,
      evaluations: budget,
      limits,
      settings,
    });
    for (let jobs = 0; jobs < 20; jobs++) if ((await workBriefly(db, own, broken)) === budget) break;
    const trials = await trialsOf(db, straight);
    expect(await trialsOf(db, broken)).toEqual(trials);
    expect(trials.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: budget }, (_, i) => i + 1));
    for (const trial of trials) expect(trial.within_limits).toBe(trial.latency_ms <= 1.2);
    expect(run.evaluationsWithinLimits).toBe(trials.filter((trial) => trial.within_limits).length);
    expect(run.frontier.map(({ encoding }: { encoding: number[] }) => encoding.join('.'))).toEqual(
      frontOf(trials),
    );
  });
});

it('exhaustive search sees every network once, and is refused where the budget does not reach', async () => {
  const id = await ended({ spaceVersionId: pruned, sampler: 'EXHAUSTIVE', budget: 5000 });
  const seen = encodings(await trialsOf(db, id)).slice(135);
  expect(new Set(seen).size).toBe(729);
  expect(seen).toHaveLength(729);
  const { codes, errors } = await refused({ sampler: 'EXHAUSTIVE', budget: 19_682 });
  expect(codes).toEqual(['BAD_INPUT']);
  expect(errors?.[0]?.extensions).toMatchObject({ field: 'input.budget', needed: '19683' });
});

describe('limits', () => {
  const limits = { latencyMs: 1.1, accuracy: 88, paramCount: 40_000, macs: 2_000_000 };

  it('make a sampler find more within them, and count all four amounts', async () => {
    const within = async (sampler: SamplerKind): Promise<number> => {
      const id = await ended({ sampler, limits: { macs: 1_500_000 }, budget: 400, seeds: [2] });
      const trials = await trialsOf(db, id);
      const all = trials.map(({ architecture }) => macsOf([...architecture]));
      const fixed = 1_500_000 - Math.max(...all.filter((_, i) => trials[i]?.within_limits));
      // What every network has besides its blocks does not change their order.
      expect(trials.every((trial, i) => trial.within_limits === (all[i] ?? NaN) <= 1_500_000 - fixed)).toBe(
        true,
      );
      return trials.filter((trial) => trial.within_limits).length;
    };
    const [random, nsga2, evolution] = [
      await within('RANDOM'),
      await within('NSGA2'),
      await within('REGULARIZED_EVOLUTION'),
    ];
    expect(random).toBeGreaterThan(0);
    expect(nsga2).toBeGreaterThan(1.5 * random);
    expect(evolution).toBeGreaterThan(1.5 * random);
  });

  it('stand on the run and leave out of its frontier, and of the leaderboard, what passes one', async () => {
    const id = await ended({ sampler: 'RANDOM', limits, budget: 500 });
    const run = await read(id);
    expect(run.limits).toEqual(limits);
    for (const { latencyMs, accuracy } of run.frontier) {
      expect(latencyMs).toBeLessThanOrEqual(1.1);
      expect(accuracy).toBeGreaterThanOrEqual(88);
    }
    const free = await ended({ sampler: 'RANDOM', budget: 500 });
    expect((await read(free)).frontier.length).toBeGreaterThan(run.frontier.length);
    const { data, errors } = await ask(
      db,
      own.ctx,
      `mutation ($input: PublishSearchInput!) { publishSearch(input: $input) { leaderboard { frontier { encoding } } } }`,
      { input: { idempotencyKey: randomUUID(), searchRunIds: [id], visibility: 'PRIVATE' } },
    );
    expect(errors).toBeUndefined();
    expect(data.publishSearch.leaderboard.frontier).toEqual(
      run.frontier.map(({ encoding }: { encoding: number[] }) => ({ encoding })),
    );
  });
});

describe('a warm start', () => {
  it('teaches what an earlier run had evaluated then, without counting it', async () => {
    const budget = 30_000;
    const earlier = await start({ sampler: 'RANDOM', budget, seeds: [8] });
    await workBriefly(db, own, earlier);
    const known = (await trialsOf(db, earlier)).length;
    expect(known).toBeLessThan(budget);
    const parents: number[][] = (await read(earlier)).frontier.map(
      ({ encoding }: { encoding: number[] }) => encoding,
    );
    const asked = { sampler: 'LOCAL', warmStart: { searchRunId: earlier }, budget: 150, seeds: [3] };
    const [before, after] = [await start(asked), await start(asked)];
    await work(db, own, before);
    await work(db, own, earlier);
    await work(db, own, after);
    // The earlier run went on: that changes nothing about those that began with it.
    expect(await trialsOf(db, after)).toEqual(await trialsOf(db, before));
    expect(await read(after)).toMatchObject({
      evaluations: 150,
      warmStart: { searchRun: { id: earlier }, evaluations: known, predictedFront: false },
    });
    // Local search goes on from the front of what it knows, and asks for nothing of it again.
    const [first] = await trialsOf(db, after);
    const differing = parents.map((parent) => parent.filter((c, i) => c !== first?.architecture[i]).length);
    expect(Math.min(...differing)).toBe(1);
    const seen = new Set(encodings((await trialsOf(db, earlier)).slice(0, known)));
    expect(encodings(await trialsOf(db, after)).filter((key) => seen.has(key))).toEqual([]);
  });

  it('evaluates first the front that the profile and the effects of what is known predict', async () => {
    const earlier = await ended({ sampler: 'RANDOM', budget: 200, seeds: [9] });
    const warmStart = { searchRunId: earlier, predictedFront: true };
    const id = await start({ sampler: 'CONSTRAINED_EVOLUTION', warmStart, budget: 120 });
    await work(db, own, id);
    const samples = (await trialsOf(db, earlier)).map(({ architecture, accuracy }) => ({
      encoding: parseEncoding(fashionMobile, [...architecture]),
      error: 100 - accuracy,
    }));
    const distinct = [...new Map(samples.map((each) => [each.encoding.join('.'), each])).values()];
    const [profile] = await db.sql<{ latency_table: { layers: number[][] } }>(
      'select latency_table from device_profiles where team_id = $1',
      [own.teamId],
    );
    const front = predictedFront(
      fashionMobile,
      keepAll(fashionMobile),
      shrunkenEffects(fashionMobile, distinct).effect,
      profile?.latency_table.layers ?? [],
    ).map((encoding) => encoding.join('.'));
    expect(front.length).toBeGreaterThan(5);
    expect(encodings(await trialsOf(db, id)).slice(0, front.length)).toEqual(front);
    expect((await read(id)).warmStart).toMatchObject({ predictedFront: true });
  });

  it('of a published run does not lead to a run that the reader may not see', async () => {
    const earlier = await ended({ sampler: 'RANDOM', budget: 60 });
    const id = await ended({ sampler: 'NSGA2', warmStart: { searchRunId: earlier }, budget: 60 });
    await db.sql(`update search_runs set visibility = 'PUBLIC' where id = $1`, [
      uuidOf('SearchRun', id, 'id'),
    ]);
    const { warmStart } = await read(id, other.ctx);
    expect(warmStart).toEqual({ searchRun: null, evaluations: 60, predictedFront: false });
  });
});

describe('trainers', () => {
  const send: Send = async (source, variables) => {
    const { data, errors } = await ask(db, own.ctx, source, variables);
    if (errors) throw new Error(errors[0]?.message);
    return data;
  };

  it('evaluate for samplers under limits, and not again what the run that they begin with knows', async () => {
    const { data } = await ask(
      db,
      own.ctx,
      `mutation ($input: CreateExternalSourceInput!) { createExternalSource(input: $input) { accuracySource { id } } }`,
      {
        input: {
          idempotencyKey: randomUUID(),
          name: 'trainers',
          taskId: own.taskId,
          spaceVersionId: own.versionId,
        },
      },
    );
    const accuracySourceId = data.createExternalSource.accuracySource.id;
    const spaceVersionId = await prunedSpace(db, own, { rule: 'MANUAL', kept: [[0, 5, 9], [1, 2, 3], [2, 4]] }); // prettier-ignore
    const common = { accuracySourceId, spaceVersionId, limits: { latencyMs: 1.2 } };
    const earlier = await start({ ...common, sampler: 'EXHAUSTIVE', budget: 18 });
    expect(await train(send, earlier, 5)).toBe(18);
    const settings = { populationSize: 10, childCount: 2 };
    const id = await start({ ...common, sampler: 'NSGA2', settings, budget: 40, warmStart: { searchRunId: earlier } }); // prettier-ignore
    expect(await train(send, id, 5)).toBe(0);
    const run = await read(id);
    expect(run).toMatchObject({ status: 'SUCCEEDED', evaluations: 40, settings });
    expect(run.frontier.map(({ encoding }: { encoding: number[] }) => encoding.join('.'))).toEqual(
      frontOf(await trialsOf(db, id)),
    );
    const cold = await start({ ...common, sampler: 'RANDOM_MUTATION', budget: 30 });
    expect(await train(send, cold, 4)).toBeGreaterThan(5);
    expect((await read(cold)).evaluations).toBe(30);
  });
});

describe('bad input', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a setting of another kind',
      { sampler: 'LOCAL', settings: { populationSize: 9 } },
      'settings.populationSize',
    ],
    ['a setting of the default sampler’s others', { settings: { childCount: 9 } }, 'settings.childCount'],
    [
      'a population of none',
      { sampler: 'NSGA2', settings: { populationSize: 0 } },
      'settings.populationSize',
    ],
    ['a share above 1', { sampler: 'NSGA2', settings: { crossoverRate: 1.5 } }, 'settings.crossoverRate'],
    [
      'a tournament larger than its population',
      { settings: { populationSize: 5, tournamentSize: 6 } },
      'settings',
    ],
    [
      'probabilities for another number of stages',
      { sampler: 'RANDOM_MUTATION', settings: { unitProbabilities: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5] } },
      'settings',
    ],
    [
      'a probability of −1',
      { sampler: 'RANDOM_MUTATION', settings: { unitProbabilities: [-1] } },
      'settings.unitProbabilities',
    ],
    ['limits without a limit', { limits: {} }, 'limits'],
    ['a latency of 0 ms', { limits: { latencyMs: 0 } }, 'limits.latencyMs'],
    ['an accuracy above 100', { limits: { accuracy: 101 } }, 'limits.accuracy'],
    ['a warm start that is no run', { warmStart: { searchRunId: 'nonsense' } }, 'warmStart.searchRunId'],
    ['a front predicted from nothing', { warmStart: { predictedFront: true } }, 'warmStart.predictedFront'],
    [
      'a predicted front for what learns nothing',
      { sampler: 'RANDOM', warmStart: { predictedFront: true } },
      'warmStart.predictedFront',
    ],
    ['repruning of a space that no effects pruned', { sampler: 'REPRUNING_EVOLUTION' }, 'sampler'],
  ])('refuses %s', async (_what, more, field) => {
    const { codes, errors } = await refused(more);
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe(`input.${field}`);
  });

  it('refuses a warm start by a run of another team, profile or source, by none and for a sampler that learns nothing', async () => {
    const theirs = (await endedRuns(db, other, { budget: 20 }))[0] ?? '';
    const waiting = await start({ budget: 20 });
    const done = await ended({ budget: 20 });
    expect((await refused({ warmStart: { searchRunId: theirs } })).codes).toEqual(['NOT_FOUND']);
    expect((await refused({ warmStart: { searchRunId: waiting } })).codes).toEqual(['CONFLICT']);
    const warmStart = { searchRunId: done };
    expect((await refused({ sampler: 'EXHAUSTIVE', budget: 20_000, warmStart })).codes).toEqual([
      'BAD_INPUT',
    ]);
    const uuid = uuidOf('SearchRun', done, 'id');
    for (const column of ['device_profile_id', 'accuracy_source_id']) {
      const [row] = await db.sql<{ was: string }>(`select ${column} as was from search_runs where id = $1`, [
        uuid,
      ]);
      await db.sql(
        `update search_runs set ${column} = (select ${column} from search_runs where team_id = $2 limit 1) where id = $1`,
        [uuid, other.teamId],
      );
      const { codes, errors } = await refused({ warmStart });
      expect(codes).toEqual(['BAD_INPUT']);
      expect(errors?.[0]?.extensions['field']).toBe('input.warmStart.searchRunId');
      await db.sql(`update search_runs set ${column} = $2 where id = $1`, [uuid, row?.was]);
    }
  });
});

it('says of each kind what it does and can be told', async () => {
  const { data } = await ask(
    db,
    db.visitor,
    `{ samplers { kind name summary limits takesEarlierRun takesPredictedFront settings { name meaning kind least most options default } }
       __type(name: "SamplerSettingsInput") { inputFields { name } } }`,
  );
  expect(data.samplers.map(({ kind }: { kind: string }) => kind)).toEqual(Object.keys(SAMPLERS));
  const known = new Set(data.__type.inputFields.map(({ name }: { name: string }) => name));
  const offered = data.samplers.flatMap(({ settings }: { settings: { name: string }[] }) => settings);
  for (const { name } of offered) expect(known).toContain(name);
  expect(new Set(offered.map(({ name }: { name: string }) => name)).size).toBe(known.size);
  const nsga2 = data.samplers.find(({ kind }: { kind: string }) => kind === 'NSGA2');
  expect(nsga2).toMatchObject({
    limits: 'STEERS',
    takesEarlierRun: true,
    settings: expect.arrayContaining([
      expect.objectContaining({ name: 'populationSize', kind: 'INTEGER', least: 1, default: '100' }),
    ]),
  });
});
