import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidOf } from '../../graphql/node-ids.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { endedRuns, startRuns } from '../testing/search.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;
let runs: string[];

const PUBLISH = `mutation ($input: PublishSearchInput!) { publishSearch(input: $input) { leaderboard { id } } }`;
const BOARD = `query ($id: ID!, $max: Float) { leaderboard(id: $id) {
  title runCount teamCount hypervolume predictionMape cloud { count }
  frontier(maxLatencyMs: $max) { id encoding choices accuracy predictedMs measuredMs paramCount macs contribution team { slug } run { id } profile { id } }
} }`;

const publish = (team: FashionTeam, searchRunIds: string[], visibility = 'PUBLIC') =>
  ask(db, team.ctx, PUBLISH, { input: { idempotencyKey: randomUUID(), searchRunIds, visibility } });

beforeAll(async () => {
  db = await testDatabase();
  own = await fashionTeam(db);
  other = await fashionTeam(db);
  runs = await endedRuns(db, own, { seeds: [1, 2, 3] });
});
afterAll(() => db.close());

describe('a leaderboard', () => {
  it('shows private entries to their team alone, and to all once they are public', async () => {
    const { data } = await publish(own, runs.slice(0, 1), 'PRIVATE');
    const { id } = data.publishSearch.leaderboard;
    expect((await ask(db, own.ctx, BOARD, { id })).data.leaderboard.frontier.length).toBeGreaterThan(3);
    for (const ctx of [other.ctx, db.visitor]) {
      expect((await ask(db, ctx, BOARD, { id })).data.leaderboard).toBeNull();
      expect(
        (await ask(db, ctx, `{ leaderboards(first: 10) { nodes { id } } }`)).data.leaderboards.nodes,
      ).toEqual([]);
    }
    expect((await publish(own, runs.slice(0, 1))).errors).toBeUndefined();
    const seen = await ask(db, db.visitor, BOARD, { id });
    expect(seen.errors).toBeUndefined();
    expect(seen.data.leaderboard.frontier).toEqual(
      (await ask(db, own.ctx, BOARD, { id })).data.leaderboard.frontier,
    );
    expect(seen.data.leaderboard.frontier[0].run.id).toBe(runs[0]);
  });

  it('merges runs into one frontier, and publishing again changes nothing', async () => {
    const { data } = await publish(own, runs);
    const { id } = data.publishSearch.leaderboard;
    const read = async () => (await ask(db, own.ctx, BOARD, { id })).data.leaderboard;
    const first = await read();
    await publish(own, runs);
    expect(await read()).toEqual(first);
    expect(first).toMatchObject({ runCount: 3, teamCount: 1 });
    const distinct = await db.sql<{ n: number }>(
      'select count(distinct architecture)::int as n from trials where search_run_id = any($1)',
      [runs.map((r) => uuidOf('SearchRun', r, 'id'))],
    );
    expect(first.cloud.count).toBe(distinct[0]?.n);
    // The plain definition: no other trial is at least as good in both and better in one.
    const all = await db.sql<{ accuracy: number; latency_ms: number }>(
      'select accuracy, latency_ms from trials where search_run_id = any($1)',
      [runs.map((r) => uuidOf('SearchRun', r, 'id'))],
    );
    for (const entry of first.frontier) {
      const dominated = all.some(
        (t) =>
          t.accuracy >= entry.accuracy &&
          t.latency_ms <= entry.predictedMs &&
          (t.accuracy > entry.accuracy || t.latency_ms < entry.predictedMs),
      );
      expect(dominated).toBe(false);
    }
    expect(first.hypervolume).toBeGreaterThan(0);
    expect(first.hypervolume).toBeLessThan(1);
    const total = first.frontier.reduce(
      (sum: number, e: { contribution: number }) => sum + e.contribution,
      0,
    );
    expect(total).toBeLessThanOrEqual(first.hypervolume);
  });

  it('filters by latency', async () => {
    const { data } = await publish(own, runs);
    const { id } = data.publishSearch.leaderboard;
    const all = (await ask(db, own.ctx, BOARD, { id })).data.leaderboard.frontier;
    const max = all[Math.floor(all.length / 2)].predictedMs;
    const some = (await ask(db, own.ctx, BOARD, { id, max })).data.leaderboard.frontier;
    expect(some).toEqual(all.filter((e: { predictedMs: number }) => e.predictedMs <= max));
    expect((await ask(db, own.ctx, BOARD, { id, max: -1 })).codes).toEqual(['BAD_INPUT']);
  });

  it('counts parameters and MACs as the exported network has them', async () => {
    const { data } = await publish(own, runs);
    const [entry] = (await ask(db, own.ctx, BOARD, { id: data.publishSearch.leaderboard.id })).data
      .leaderboard.frontier;
    const { data: exported } = await ask(
      db,
      own.ctx,
      `query ($v: ID!, $e: [Int!]!) { exportArchitecture(spaceVersionId: $v, encoding: $e, format: JSON) { paramCount macs } }`,
      { v: own.versionId, e: entry.encoding },
    );
    expect(exported.exportArchitecture).toEqual({ paramCount: entry.paramCount, macs: entry.macs });
  });

  it('marks what was measured, and says how far predictions were off', async () => {
    const { data } = await publish(own, runs);
    const { id } = data.publishSearch.leaderboard;
    const [entry] = (await ask(db, own.ctx, BOARD, { id })).data.leaderboard.frontier;
    const profile = uuidOf('DeviceProfile', own.profileId, 'id');
    const [run] = await db.sql<{ id: string }>(
      `insert into profile_runs (team_id, kind, method, space_version_id, pool_id, target_id, target_fingerprint, seed, measurement_count)
       select $1, 'ARCHITECTURES', 'ISOLATED', space_version_id, $3, target_id, 'test-target', 0, 1 from device_profiles where id = $2 returning id`,
      [own.teamId, profile, uuidOf('Pool', own.poolId, 'id')],
    );
    const [measurement] = await db.sql<{ id: string }>(
      `insert into measurements (team_id, profile_run_id, pool_id, ordinal, subject, purpose, status) values ($1, $2, $3, 1, '{}', 'ARCHITECTURE', 'DONE') returning id`,
      [own.teamId, run?.id, uuidOf('Pool', own.poolId, 'id')],
    );
    await db.sql(
      `insert into architecture_latencies (team_id, visibility, device_profile_id, architecture, measurement_id, floor_ms, unstable) values ($1, 'PUBLIC', $2, $3, $4, $5, false)`,
      [own.teamId, profile, Buffer.from(entry.encoding), measurement?.id, entry.predictedMs * 1.25],
    );
    const after = (await ask(db, db.visitor, BOARD, { id })).data.leaderboard;
    expect(after.frontier[0].measuredMs).toBeCloseTo(entry.predictedMs * 1.25);
    expect(after.predictionMape).toBeCloseTo(0.2);
  });
});

describe('bad input to publishSearch', () => {
  it("refuses another team's run, even a public one", async () => {
    await publish(own, runs);
    expect((await publish(other, runs.slice(0, 1))).codes).toEqual(['NOT_FOUND']);
  });

  it('refuses no runs, a run twice, a run that has not ended, and visitors', async () => {
    expect((await publish(own, [])).codes).toEqual(['BAD_INPUT']);
    expect((await publish(own, [runs[0] ?? '', runs[0] ?? ''])).codes).toEqual(['BAD_INPUT']);
    const waiting = await startRuns(db, own, { seeds: [99] });
    expect((await publish(own, waiting)).codes).toEqual(['CONFLICT']);
    const { codes } = await ask(db, db.visitor, PUBLISH, {
      input: { idempotencyKey: randomUUID(), searchRunIds: runs },
    });
    expect(codes).toEqual(['UNAUTHENTICATED']);
  });
});
