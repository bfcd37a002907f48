import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../../graphql/node-ids.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { accuracyFeature, type AnswersOf } from '../accuracy/index.js';
import { runSearchJob } from './run-search.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;

beforeAll(async () => {
  db = await testDatabase();
  own = await fashionTeam(db);
  other = await fashionTeam(db);
});
afterAll(() => db.close());

const START = `mutation ($input: StartSearchInput!) { startSearch(input: $input) { searchRuns { id status seed priorEvaluations } } }`;

const input = (team: FashionTeam, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  idempotencyKey: randomUUID(),
  spaceVersionId: team.versionId,
  deviceProfileId: team.profileId,
  accuracySourceId: team.sourceId,
  budget: 300,
  seeds: [1],
  ...more,
});

async function start(team: FashionTeam, more: Record<string, unknown> = {}): Promise<string[]> {
  const { data, errors } = await ask(db, team.ctx, START, { input: input(team, more) });
  expect(errors).toBeUndefined();
  return data.startSearch.searchRuns.map((run: { id: string }) => run.id);
}

const never = new AbortController().signal;

const run = (team: FashionTeam, id: string, signal = never, answersOf = answers()): Promise<void> =>
  runSearchJob(db.platform, answersOf, { runId: uuidOf('SearchRun', id, 'id'), teamId: team.teamId }, signal);

const answers = (): AnswersOf => accuracyFeature(db.platform).answersOf;

/** The table as if it had only networks that `holds`. */
const answersWhere =
  (holds: (architecture: ArrayLike<number>) => boolean): AnswersOf =>
  async (source, space, teamId) => {
    const all = await answers()(source, space, teamId);
    if (all.kind !== 'LOOKED_UP') return all;
    return { ...all, accuracyOf: (each) => (holds(each) ? all.accuracyOf(each) : null) };
  };

const trials = (id: string): Promise<{ ordinal: number; architecture: Buffer }[]> =>
  db.sql('select ordinal, architecture from trials where search_run_id = $1 order by ordinal', [
    uuidOf('SearchRun', id, 'id'),
  ]);

const change = (name: 'stopSearch' | 'resumeSearch'): string =>
  `mutation ($id: ID!) { ${name}(input: { searchRunId: $id }) { searchRun { status } } }`;

const READ = `query ($id: ID!) { node(id: $id) { ... on SearchRun { status evaluations frontier { ordinal encoding accuracy latencyMs } trialColumns { count architectures accuracy latencyMs } } } }`;

describe('a search run', () => {
  it('spends its budget exactly and gives its frontier, fastest first', async () => {
    const [id = ''] = await start(own);
    await run(own, id);
    const { data, errors } = await ask(db, own.ctx, READ, { id });
    expect(errors).toBeUndefined();
    expect(data.node).toMatchObject({ status: 'SUCCEEDED', evaluations: 300 });
    expect((await trials(id)).map((t) => t.ordinal)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    const { frontier, trialColumns } = data.node;
    expect(trialColumns.count).toBe(300);
    expect(Buffer.from(trialColumns.architectures, 'base64')).toEqual(
      Buffer.concat((await trials(id)).map((t) => t.architecture)),
    );
    for (let i = 1; i < frontier.length; i++) {
      expect(frontier[i].latencyMs).toBeGreaterThan(frontier[i - 1].latencyMs);
      expect(frontier[i].accuracy).toBeGreaterThan(frontier[i - 1].accuracy);
    }
  });

  it('goes on after an interruption exactly as if there had been none', async () => {
    const budget = 5000;
    const [straight = ''] = await start(own, { seeds: [7], budget });
    const [broken = ''] = await start(own, { seeds: [7], budget });
    await run(own, straight);
    const stop = new AbortController();
    const half = run(own, broken, stop.signal);
    stop.abort();
    await half;
    const before = (await trials(broken)).length;
    expect(before).toBeLessThan(budget);
    await run(own, broken);
    expect(await trials(broken)).toEqual(await trials(straight));
  });

  it('refuses the slices of an attempt that another has overtaken', async () => {
    const [id = ''] = await start(own, { seeds: [3], budget: 20_000 });
    await Promise.all([run(own, id), run(own, id)]);
    const stored = await trials(id);
    expect(stored).toHaveLength(20_000);
    expect(new Set(stored.map((t) => t.ordinal)).size).toBe(20_000);
  });

  it('counts the networks that pruning evaluated first, and goes on from them', async () => {
    const { data } = await ask(
      db,
      own.ctx,
      `mutation ($input: CreatePrunedSpaceInput!) { createPrunedSpace(input: $input) { version { id size } } }`,
      {
        input: {
          idempotencyKey: randomUUID(),
          pruning: {
            spaceVersionId: own.versionId,
            rule: 'BLOCK_EFFECT',
            ratio: 0.7,
            deviceProfileId: own.profileId,
            accuracySourceId: own.sourceId,
            seed: 4,
          },
        },
      },
    );
    const version = data.createPrunedSpace.version;
    expect(version.size).toBe('729');
    const [id = ''] = await start(own, { spaceVersionId: version.id, budget: 400 });
    await run(own, id);
    const evaluated = await db.sql<{ encoding: number[] }>(
      `select encoding from pruning_evaluations where space_version_id = $1 order by ordinal`,
      [uuidOf('SpaceVersion', version.id, 'id')],
    );
    const found = await trials(id);
    expect(found).toHaveLength(400);
    expect(found.slice(0, 135).map((t) => [...t.architecture])).toEqual(evaluated.map((e) => e.encoding));
    const { codes } = await ask(db, own.ctx, START, {
      input: input(own, { spaceVersionId: version.id, budget: 135 }),
    });
    expect(codes).toEqual(['BAD_INPUT']);
  });

  it('stops when told to, keeps what it has, and resumes to the same end', async () => {
    const budget = 60_000;
    const [straight = ''] = await start(own, { seeds: [9], budget });
    await run(own, straight);
    const [id = ''] = await start(own, { seeds: [9], budget });
    const running = run(own, id);
    await expect.poll(async () => (await trials(id)).length).toBeGreaterThan(0);
    const stopped = await ask(db, own.ctx, change('stopSearch'), { id });
    expect(stopped.data.stopSearch.searchRun.status).toBe('STOPPED');
    await running;
    const kept = (await trials(id)).length;
    expect(kept).toBeLessThan(budget);
    // A stopped run is nobody's: a job that comes late leaves it alone.
    await run(own, id);
    expect(await trials(id)).toHaveLength(kept);
    const resumed = await ask(db, own.ctx, change('resumeSearch'), { id });
    expect(resumed.data.resumeSearch.searchRun.status).toBe('QUEUED');
    await run(own, id);
    expect(await trials(id)).toEqual(await trials(straight));
  });

  it('fails for good, saying why, when what it stands on is gone, and can be resumed', async () => {
    const [id = ''] = await start(own, { seeds: [13] });
    const uuid = uuidOf('SearchRun', id, 'id');
    const [source] = await db.sql<{ blob_hash: Buffer }>(
      'select blob_hash from accuracy_sources where team_id = $1',
      [own.teamId],
    );
    await db.sql('update accuracy_sources set blob_hash = null where team_id = $1', [own.teamId]);
    await run(own, id);
    const read = `query ($id: ID!) { node(id: $id) { ... on SearchRun { status error } } }`;
    expect((await ask(db, own.ctx, read, { id })).data.node).toEqual({
      status: 'FAILED',
      error: 'The accuracy source table is not a table.',
    });
    expect((await ask(db, own.ctx, START, { input: input(own) })).codes).toEqual(['BAD_INPUT']);
    await db.sql('update accuracy_sources set blob_hash = $2 where team_id = $1', [
      own.teamId,
      source?.blob_hash,
    ]);
    await ask(db, own.ctx, change('resumeSearch'), { id });
    await run(own, id);
    expect(
      (await db.sql("select error from search_runs where id = $1 and status = 'SUCCEEDED'", [uuid]))[0],
    ).toEqual({
      error: null,
    });
  });

  it('passes over what a table lacks, and its budget is spent on what the table has', async () => {
    const [id = ''] = await start(own, { seeds: [31] });
    const held = (architecture: ArrayLike<number>): boolean => (architecture[0] ?? 0) % 3 === 0;
    await run(own, id, never, answersWhere(held));
    const found = await trials(id);
    expect(found).toHaveLength(300);
    expect(found.every(({ architecture }) => held(architecture))).toBe(true);
  });

  it('ends as failed, and says why, in a table that has next to nothing', async () => {
    const [id = ''] = await start(own, { seeds: [32] });
    await run(
      own,
      id,
      never,
      answersWhere(() => false),
    );
    const { data } = await ask(
      db,
      own.ctx,
      'query ($id: ID!) { node(id: $id) { ... on SearchRun { status error } } }',
      { id },
    );
    expect(data.node.status).toBe('FAILED');
    expect(data.node.error).toMatch(/knows too few architectures/);
  });

  it('gives every trial as packed columns, and of them the frontier by its definition', async () => {
    const [id = ''] = await start(own, { seeds: [17], sampler: 'RANDOM' });
    await run(own, id);
    const { data } = await ask(db, own.ctx, READ, { id });
    const rows = await db.sql<{ architecture: Buffer; accuracy: number; latency_ms: number }>(
      'select architecture, accuracy, latency_ms from trials where search_run_id = $1 order by ordinal',
      [uuidOf('SearchRun', id, 'id')],
    );
    const { trialColumns, frontier } = data.node;
    const column = (name: string) => Buffer.from(trialColumns[name], 'base64');
    rows.forEach((row, i) => {
      expect(column('architectures').subarray(i * 3, i * 3 + 3)).toEqual(row.architecture);
      expect(column('accuracy').readFloatLE(i * 4)).toBe(Math.fround(row.accuracy));
      expect(column('latencyMs').readFloatLE(i * 4)).toBe(Math.fround(row.latency_ms));
    });
    const front = rows.filter(
      (a) =>
        !rows.some(
          (b) =>
            b.accuracy >= a.accuracy &&
            b.latency_ms <= a.latency_ms &&
            (b.accuracy > a.accuracy || b.latency_ms < a.latency_ms),
        ),
    );
    const distinct = new Set(front.map((row) => [...row.architecture].join('.')));
    const found = frontier.map(({ encoding }: { encoding: number[] }) => encoding.join('.'));
    expect(new Set(found)).toEqual(distinct);
    expect(found).toHaveLength(distinct.size);
  });
});

describe('bad input to startSearch', () => {
  it.each([
    ['a budget of 0', { budget: 0 }],
    ['a budget of 10⁹', { budget: 1_000_000_000 }],
    ['no seeds', { seeds: [] }],
    ['a seed twice', { seeds: [1, 1] }],
    ['a negative seed', { seeds: [-1] }],
    ['an id that is none', { spaceVersionId: 'nonsense' }],
  ])('refuses %s', async (_what, more) => {
    const { codes } = await ask(db, own.ctx, START, { input: input(own, more) });
    expect(codes).toEqual(['BAD_INPUT']);
  });

  it("does not see another team's version, profile or source", async () => {
    for (const more of [
      { spaceVersionId: other.versionId },
      { deviceProfileId: other.profileId },
      { accuracySourceId: other.sourceId },
    ]) {
      const { codes } = await ask(db, own.ctx, START, { input: input(own, more) });
      expect(codes).toEqual(['NOT_FOUND']);
    }
  });

  it('gives the same runs for the same key, and refuses the key for another input', async () => {
    const same = input(own, { seeds: [21, 22] });
    const first = await ask(db, own.ctx, START, { input: same });
    const again = await ask(db, own.ctx, START, { input: same });
    expect(again.data).toEqual(first.data);
    expect((await ask(db, own.ctx, START, { input: { ...same, budget: 301 } })).codes).toEqual([
      'IDEMPOTENCY_MISMATCH',
    ]);
  });

  it("cannot stop another team's run", async () => {
    const [id = ''] = await start(own, { seeds: [31] });
    const { codes } = await ask(
      db,
      other.ctx,
      `mutation ($id: ID!) { stopSearch(input: { searchRunId: $id }) { searchRun { id } } }`,
      { id },
    );
    expect(codes).toEqual(['NOT_FOUND']);
    expect((await ask(db, other.ctx, READ, { id })).data.node).toBeNull();
    expect((await ask(db, db.visitor, READ, { id })).data.node).toBeNull();
  });
});
