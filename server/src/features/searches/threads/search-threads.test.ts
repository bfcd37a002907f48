import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uuidOf } from '../../../graphql/node-ids.js';
import { ask } from '../../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../../platform/testing/database.js';
import { accuracyFeature, type AnswersOf } from '../../accuracy/index.js';
import { headerOf } from '../../accuracy/tables/table-file.js';
import { fashionTeam, type FashionTeam } from '../../testing/fashion.js';
import { runSearchJob } from '../run-search.js';
import { searchThreads, type SearchThreads } from './search-threads.js';

let db: TestDatabase;
let team: FashionTeam;
let answersOf: AnswersOf;
let threads: SearchThreads;

beforeAll(async () => {
  db = await testDatabase();
  team = await fashionTeam(db);
  answersOf = accuracyFeature(db.platform).answersOf;
  threads = searchThreads(2);
});
afterAll(async () => {
  await threads.close();
  await db.close();
});

const START = `mutation ($input: StartSearchInput!) { startSearch(input: $input) { searchRuns { id } } }`;

async function start(more: Record<string, unknown>): Promise<string[]> {
  const input = {
    idempotencyKey: randomUUID(),
    spaceVersionId: team.versionId,
    deviceProfileId: team.profileId,
    accuracySourceId: team.sourceId,
    ...more,
  };
  const { data, errors } = await ask(db, team.ctx, START, { input });
  expect(errors).toBeUndefined();
  return data.startSearch.searchRuns.map(({ id }: { id: string }) => uuidOf('SearchRun', id, 'id'));
}

const run = (
  runId: string,
  on: SearchThreads | null,
  { signal, answers = answersOf }: { signal?: AbortSignal; answers?: AnswersOf } = {},
): Promise<void> =>
  runSearchJob(
    db.platform,
    answers,
    { runId, teamId: team.teamId },
    signal ?? new AbortController().signal,
    on,
  );

const trialsOf = (runId: string): Promise<unknown[]> =>
  db.sql(
    'select ordinal, architecture, accuracy, latency_ms, within_limits from trials where search_run_id = $1 order by ordinal',
    [runId],
  );

const statusOf = async (runId: string): Promise<{ status: string; error: string | null } | undefined> =>
  (
    await db.sql<{ status: string; error: string | null }>(
      'select status, error from search_runs where id = $1',
      [runId],
    )
  )[0];

it('several runs at once on threads evaluate what each does alone on the loop', async () => {
  const more = { budget: 900, sampler: 'NSGA2', limits: { latencyMs: 3, paramCount: 60_000 } };
  const ids = [...(await start({ ...more, seeds: [1, 2] })), ...(await start({ budget: 2500, seeds: [3] }))];
  const alone = [
    ...(await start({ ...more, seeds: [1, 2] })),
    ...(await start({ budget: 2500, seeds: [3] })),
  ];
  await Promise.all(ids.map((id) => run(id, threads)));
  for (const id of alone) await run(id, null);
  for (const [at, id] of ids.entries()) {
    expect(await statusOf(id)).toEqual({ status: 'SUCCEEDED', error: null });
    expect(await trialsOf(id)).toEqual(await trialsOf(alone[at] ?? ''));
  }
});

it('a run whose thread dies fails that attempt alone, and goes on from its last slice on a new thread', async () => {
  const [id = '', straight = ''] = [
    ...(await start({ budget: 12_000, seeds: [5] })),
    ...(await start({ budget: 12_000, seeds: [5] })),
  ];
  const own = searchThreads(1);
  const attempt = run(id, own).then(
    () => 'ended',
    () => 'failed',
  );
  while ((await trialsOf(id)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await own.close();
  expect(await attempt).toBe('failed');
  expect(await statusOf(id)).toEqual({ status: 'RUNNING', error: null });
  const stored = (await trialsOf(id)).length;
  expect(stored).toBeGreaterThan(0);
  expect(stored).toBeLessThan(12_000);
  await run(id, own);
  await own.close();
  await run(straight, threads);
  expect(await trialsOf(id)).toEqual(await trialsOf(straight));
});

it('is stopped between slices, and resumed on the loop', async () => {
  const [id = ''] = await start({ budget: 12_000, seeds: [6] });
  const stop = new AbortController();
  const attempt = run(id, threads, { signal: stop.signal });
  stop.abort();
  await attempt;
  expect((await trialsOf(id)).length).toBeLessThan(12_000);
  await run(id, null);
  expect(await trialsOf(id)).toHaveLength(12_000);
});

it('ends a run with the reason when its table knows too little', async () => {
  const [id = ''] = await start({ budget: 100, seeds: [7] });
  const empty: AnswersOf = async () => ({
    kind: 'LOOKED_UP',
    accuracyOf: () => null,
    table: headerOf({ positions: 3, metrics: 0 }),
  });
  await run(id, threads, { answers: empty });
  expect(await statusOf(id)).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/too few/) });
});
