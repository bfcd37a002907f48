import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import type { JobName, JobQueue, Jobs } from '../../platform/queue/job-queue.js';
import { sweepWaitingRuns } from '../../platform/queue/sweeper.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { accuracyFeature } from '../accuracy/index.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { endedRuns, prunedSpace, startRuns } from '../testing/search.js';
import { medianReached } from './arrivals.js';
import { runComparisonJob } from './compute.js';

const BAND = '{ median low high mean standardDeviation }';
const FIELDS = `id status error baseline reference normalisation targetIgdPlus targetGd checkpoints verdict visibility
  attainmentEvaluations range { bestAccuracy worstAccuracy fastestMs slowestMs }
  space { name } task { name } target { name } deviceProfile { id } accuracySource { id }
  groups { label rule ratio samplers spaceSize evaluationsToTarget speedup seedsReachingTarget speedupInterval { low high }
    gd ${BAND} gdPlus ${BAND} igd ${BAND} igdPlus ${BAND} hypervolumeRatio ${BAND} epsilon ${BAND}
    arrivals { indicator evaluations seeds speedup interval { low high } speedupInterval { low high } }
    tests { indicator evaluations pValue adjustedPValue cliffsDelta magnitude }
    attainment { best { accuracy latencyMs } median { accuracy latencyMs } worst { accuracy latencyMs } }
    frontier { latencyMs accuracy } runs { id } }`;
const COMPARE = `mutation ($input: CompareSearchesInput!) { compareSearches(input: $input) { comparison { ${FIELDS} } } }`;
const READ = `query ($id: ID!) { node(id: $id) { ... on Comparison { ${FIELDS} } } }`;

interface Plane {
  readonly accuracy: number;
  readonly latencyMs: number;
}

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;
let full: string[];
let random: string[];

beforeAll(async () => {
  db = await testDatabase();
  own = await fashionTeam(db);
  other = await fashionTeam(db);
  full = await endedRuns(db, own, { seeds: [1, 2, 3], budget: 600 });
  const spaceVersionId = await prunedSpace(db, own, { rule: 'RANDOM', ratio: 0.7, seed: 5 });
  random = await endedRuns(db, own, { spaceVersionId, seeds: [1, 2, 3], budget: 600 });
});
afterAll(() => db.close());

const input = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  idempotencyKey: randomUUID(),
  name: 'test',
  baseline: 'unpruned',
  targetEvaluations: 500,
  groups: [
    { label: 'unpruned', searchRunIds: full },
    { label: 'random', searchRunIds: random },
  ],
  ...more,
});

const groupsOf = (a: string[], b: string[]): Record<string, unknown> => ({
  groups: [
    { label: 'unpruned', searchRunIds: a },
    { label: 'random', searchRunIds: b },
  ],
});

describe('a comparison', () => {
  it('holds groups against the true front and says what follows', async () => {
    const { data, errors } = await ask(db, own.ctx, COMPARE, { input: input() });
    expect(errors).toBeUndefined();
    const { comparison } = data.compareSearches;
    expect(comparison.reference).toMatch(/^The true front: \d+ of 19,683/);
    expect(comparison.checkpoints).toEqual([10, 100, 250, 500, 600]);
    const [base, pruned] = comparison.groups;
    expect(base).toMatchObject({ rule: null, ratio: null, spaceSize: '19683', speedup: 1 });
    expect(pruned).toMatchObject({ rule: 'RANDOM', ratio: 0.7, spaceSize: '729' });
    expect(base.evaluationsToTarget).toBeLessThanOrEqual(500);
    expect(base.igdPlus.median[3]).toBeCloseTo(comparison.targetIgdPlus, 12);
    for (const group of comparison.groups) {
      expect(group.runs).toHaveLength(3);
      for (let i = 1; i < 5; i++) {
        expect(group.igdPlus.median[i]).toBeLessThanOrEqual(group.igdPlus.median[i - 1]);
        expect(group.hypervolumeRatio.median[i]).toBeGreaterThanOrEqual(group.hypervolumeRatio.median[i - 1]);
        expect(group.igdPlus.low[i]).toBeLessThanOrEqual(group.igdPlus.median[i]);
        expect(group.igdPlus.high[i]).toBeGreaterThanOrEqual(group.igdPlus.median[i]);
      }
    }
    expect(comparison.verdict.join(' ')).toMatch(/random/i);
    expect(comparison.status).toBe('SUCCEEDED');
  });

  it('gives every indicator with mean and deviation, and what each group attains', async () => {
    const { data } = await ask(db, own.ctx, COMPARE, { input: input() });
    const { groups, attainmentEvaluations, targetGd } = data.compareSearches.comparison;
    expect(attainmentEvaluations).toBe(600);
    expect(targetGd).toBeGreaterThan(0);
    for (const group of groups) {
      expect(group.samplers).toEqual(['REGULARIZED_EVOLUTION']);
      for (const name of ['gd', 'gdPlus', 'igd', 'igdPlus', 'hypervolumeRatio', 'epsilon']) {
        const { median, mean, low, high, standardDeviation } = group[name];
        for (let i = 0; i < 5; i++) {
          // Of three values the quartiles are half-way to the middle one, the mean within the range.
          expect(mean[i]).toBeGreaterThanOrEqual(2 * low[i] - median[i] - 1e-12);
          expect(mean[i]).toBeLessThanOrEqual(2 * high[i] - median[i] + 1e-12);
          expect(standardDeviation[i]).toBeGreaterThanOrEqual(0);
        }
      }
      // A distance is never less than its part that is worse, and no part is larger than the whole.
      group.gd.mean.forEach((value: number, i: number) =>
        expect(value).toBeGreaterThanOrEqual(group.gdPlus.mean[i] - 1e-12),
      );
      const { best, median, worst } = group.attainment;
      expect(best).toEqual(group.frontier.map(({ accuracy, latencyMs }: Plane) => ({ accuracy, latencyMs })));
      const isAttained = (by: Plane[], z: Plane): boolean =>
        by.some((a) => a.accuracy >= z.accuracy && a.latencyMs <= z.latencyMs);
      expect(median.every((z: Plane) => isAttained(best, z))).toBe(true);
      expect(worst.every((z: Plane) => isAttained(median, z))).toBe(true);
    }
  });

  it('says how sure a speed-up and a difference are', async () => {
    const { data } = await ask(db, own.ctx, COMPARE, { input: input() });
    const [base, pruned] = data.compareSearches.comparison.groups;
    expect(base.tests).toEqual([]);
    expect(base.speedupInterval).toBeNull();
    expect(pruned.arrivals.map(({ indicator }: { indicator: string }) => indicator)).toEqual([
      'IGD_PLUS',
      'GD',
    ]);
    expect(pruned.tests).toHaveLength(6 * 5);
    const { pValue, adjustedPValue, cliffsDelta } = pruned.tests.find(
      (test: { indicator: string; evaluations: number }) =>
        test.indicator === 'IGD_PLUS' && test.evaluations === 600,
    );
    // A random third of the choices never covers the front: all three seeds end worse, and three against three is p = 0.1.
    expect([pValue, cliffsDelta]).toEqual([expect.closeTo(0.1, 12), 1]);
    expect(adjustedPValue).toBe(pValue);
    expect(data.compareSearches.comparison.verdict.join(' ')).toMatch(/too few seeds/);
  });

  it('has the columns and the unit that were asked for', async () => {
    const more = { columns: [50, 200, 5000], normalisation: 'SPACE_RANGE' };
    const { data } = await ask(db, own.ctx, COMPARE, { input: input(more) });
    const spaceWide = data.compareSearches.comparison;
    expect([spaceWide.checkpoints, spaceWide.normalisation]).toEqual([[50, 200], 'SPACE_RANGE']);
    expect(spaceWide.reference).toContain('range of the whole space');
    const asFront = (await ask(db, own.ctx, COMPARE, { input: input({ columns: [50, 200] }) })).data
      .compareSearches.comparison;
    expect(asFront.reference).toContain('range of this front');
    expect(spaceWide.range.worstAccuracy).toBeLessThan(asFront.range.worstAccuracy);
    expect(spaceWide.range.slowestMs).toBeGreaterThan(asFront.range.slowestMs);
    // In a larger unit every distance is a smaller number.
    expect(spaceWide.groups[0].igdPlus.mean[0]).toBeLessThan(asFront.groups[0].igdPlus.mean[0]);
  });

  it('holds searches by two profiles of a target against each other by one of them, which is named', async () => {
    const [profile] = await db.sql<{ id: string }>(
      `insert into device_profiles (team_id, space_version_id, target_id, method, latency_table, quality)
       select team_id, space_version_id, target_id, method, latency_table, quality from device_profiles where id = $1 returning id`,
      [uuidOf('DeviceProfile', own.profileId, 'id')],
    );
    const deviceProfileId = toGlobalId('DeviceProfile', profile?.id ?? '');
    const again = await endedRuns(db, own, { deviceProfileId, seeds: [1], budget: 600 });
    const call = groupsOf(full, again);
    const refused = await ask(db, own.ctx, COMPARE, { input: input(call) });
    expect([refused.codes, refused.errors?.[0]?.extensions['field']]).toEqual([
      ['BAD_INPUT'],
      'input.deviceProfileId',
    ]);
    const { data } = await ask(db, own.ctx, COMPARE, { input: input({ ...call, deviceProfileId }) });
    expect(data.compareSearches.comparison.deviceProfile).toEqual({ id: deviceProfileId });
    // The same table by another name: the same seed found the same.
    expect(data.compareSearches.comparison.groups[1].frontier.length).toBeGreaterThan(0);
  });

  it('is exported in each format by whoever sees it', async () => {
    const { data } = await ask(db, own.ctx, COMPARE, { input: input() });
    const { id } = data.compareSearches.comparison;
    const EXPORT = `query ($id: ID!, $format: ComparisonFormat!) { node(id: $id) { ... on Comparison { export(format: $format) { fileName mediaType content } } } }`;
    for (const [format, fileName, text] of [
      ['CSV', 'test.csv', 'unpruned,IGD_PLUS,600,3,'],
      ['JSON', 'test.json', '"baseline": "unpruned"'],
      ['MARKDOWN', 'test.md', '| unpruned |'],
      ['LATEX', 'test.tex', '\\begin{tabular}{lrrrrr}'],
    ]) {
      const { data: found, errors } = await ask(db, own.ctx, EXPORT, { id, format });
      expect(errors).toBeUndefined();
      expect(found.node.export.fileName).toBe(fileName);
      expect(found.node.export.content).toContain(text);
      expect((await ask(db, other.ctx, EXPORT, { id, format })).data.node).toBeNull();
    }
  });

  it('counts the evaluations spent on pruning before a group reaches the target', async () => {
    const spaceVersionId = await prunedSpace(db, own, {
      rule: 'BLOCK_EFFECT',
      ratio: 0.7,
      deviceProfileId: own.profileId,
      accuracySourceId: own.sourceId,
      seed: 4,
    });
    const effect = await endedRuns(db, own, { spaceVersionId, seeds: [1, 2], budget: 600 });
    const { data } = await ask(db, own.ctx, COMPARE, { input: input(groupsOf(full, effect)) });
    const [, group] = data.compareSearches.comparison.groups;
    expect(group.rule).toBe('BLOCK_EFFECT');
    expect(group.evaluationsToTarget).toBeGreaterThan(135);
  });

  it('counts what a run began with, and what that began with', async () => {
    const [first = ''] = await endedRuns(db, own, { seeds: [71], budget: 200 });
    const from = (searchRunId: string) => ({ budget: 200, warmStart: { searchRunId } });
    const [second = ''] = await endedRuns(db, own, { seeds: [72], ...from(first) });
    const [third = ''] = await endedRuns(db, own, { seeds: [73], ...from(second) });
    const columns = [200, 400, 600];
    const compared = async (a: string, b: string) =>
      (
        await ask(db, own.ctx, COMPARE, {
          input: input({ ...groupsOf([a], [b]), columns, targetEvaluations: 200 }),
        })
      ).data.compareSearches.comparison.groups.map((group: { igdPlus: { median: number[] } }) =>
        group.igdPlus.median.map((value) => value?.toFixed(9) ?? null),
      );
    const [alone, warm] = await compared(first, third);
    // Its first 200 evaluations are those of the first run, and it goes on to 600.
    expect([alone[0], alone[1]]).toEqual([warm[0], null]);
    expect(warm[2]).not.toBeNull();
    expect(Number(warm[2])).toBeLessThanOrEqual(Number(warm[1]));
    const [, between] = await compared(first, second);
    // No column is beyond every run.
    expect(between).toEqual([warm[0], warm[1]]);
  });

  it('is its team’s alone until it is public, and then shows its runs to everybody', async () => {
    const { data } = await ask(db, own.ctx, COMPARE, { input: input() });
    const { id } = data.compareSearches.comparison;
    const list = `{ comparisons(first: 10) { nodes { id } } }`;
    for (const ctx of [other.ctx, db.visitor]) {
      expect((await ask(db, ctx, READ, { id })).data.node).toBeNull();
      expect((await ask(db, ctx, list)).data.comparisons.nodes).toEqual([]);
    }
    const shown = (await ask(db, own.ctx, COMPARE, { input: input({ visibility: 'PUBLIC' }) })).data
      .compareSearches.comparison;
    for (const ctx of [own.ctx, other.ctx, db.visitor]) {
      const { data: seen, errors } = await ask(db, ctx, READ, { id: shown.id });
      expect(errors).toBeUndefined();
      expect(seen.node).toEqual(shown);
    }
    expect((await ask(db, db.visitor, list)).data.comparisons.nodes).toEqual([{ id: shown.id }]);
  });

  it('is the same one for the same key', async () => {
    const same = input();
    const first = await ask(db, own.ctx, COMPARE, { input: same });
    expect((await ask(db, own.ctx, COMPARE, { input: same })).data).toEqual(first.data);
    expect((await ask(db, own.ctx, COMPARE, { input: { ...same, name: 'another' } })).codes).toEqual([
      'IDEMPOTENCY_MISMATCH',
    ]);
  });
});

describe('a comparison too large for a request', () => {
  const lookups = () => accuracyFeature(db.platform).lookupOf;
  let runs: string[];
  let waiting: { id: string; uuid: string };

  /** Says of the runs that they have this many evaluations together, which is what is looked at before they are read. */
  const claimEvaluations = async (evaluations: number): Promise<void> => {
    await db.sql('update search_runs set evaluations = $2 where id = any($1)', [
      runs.map((id) => uuidOf('SearchRun', id, 'id')),
      Math.ceil(evaluations / runs.length),
    ]);
  };
  const swept = async (): Promise<string[]> => {
    const found: string[] = [];
    const queue: Pick<JobQueue, 'enqueueMissing'> = {
      enqueueMissing: async <N extends JobName>(name: N, jobs: readonly Jobs[N][]) => {
        if (name === 'comparison') found.push(...jobs.map(({ runId }) => runId));
        return jobs.length;
      },
    };
    await sweepWaitingRuns(db.urls.queue, queue as JobQueue, pino({ level: 'silent' })).stop();
    return found;
  };

  beforeAll(async () => {
    runs = await endedRuns(db, own, { seeds: [7, 8], budget: 400 });
    await claimEvaluations(600_000);
    const { data } = await ask(db, own.ctx, COMPARE, {
      input: input({ ...groupsOf([runs[0] ?? ''], [runs[1] ?? '']), targetEvaluations: 300 }),
    });
    const { id, status, groups, verdict, checkpoints } = data.compareSearches.comparison;
    expect([status, verdict, checkpoints]).toEqual(['QUEUED', [], []]);
    expect(groups.map(({ label }: { label: string }) => label)).toEqual(['unpruned', 'random']);
    waiting = { id, uuid: uuidOf('Comparison', id, 'id') };
  });

  it('waits for a worker, is found by the sweep, computed once, and is then like any other', async () => {
    expect(await swept()).toContain(waiting.uuid);
    const job = { runId: waiting.uuid, teamId: own.teamId };
    await runComparisonJob(db.platform, lookups(), { ...job, teamId: other.teamId });
    expect((await ask(db, own.ctx, READ, { id: waiting.id })).data.node.status).toBe('QUEUED');
    await Promise.all([1, 2].map(() => runComparisonJob(db.platform, lookups(), job)));
    const { data } = await ask(db, own.ctx, READ, { id: waiting.id });
    expect(data.node.status).toBe('SUCCEEDED');
    expect(data.node.groups[0].igdPlus.median.at(-1)).toBeGreaterThanOrEqual(0);
    expect(data.node.checkpoints.at(-1)).toBe(400);
    await runComparisonJob(db.platform, lookups(), job);
    expect((await ask(db, own.ctx, READ, { id: waiting.id })).data.node).toEqual(data.node);
    expect(await swept()).not.toContain(waiting.uuid);
  });

  it('fails with a reason when its runs are gone meanwhile', async () => {
    const { data } = await ask(db, own.ctx, COMPARE, {
      input: input({ ...groupsOf([runs[0] ?? ''], [runs[1] ?? '']), targetEvaluations: 300 }),
    });
    const { id } = data.compareSearches.comparison;
    await db.sql(`update search_runs set status = 'FAILED' where id = $1`, [
      uuidOf('SearchRun', runs[1] ?? '', 'id'),
    ]);
    await runComparisonJob(db.platform, lookups(), {
      runId: uuidOf('Comparison', id, 'id'),
      teamId: own.teamId,
    });
    await db.sql(`update search_runs set status = 'SUCCEEDED' where id = $1`, [
      uuidOf('SearchRun', runs[1] ?? '', 'id'),
    ]);
    const { node } = (await ask(db, own.ctx, READ, { id })).data;
    expect([node.status, node.error]).toEqual(['FAILED', expect.stringContaining('is FAILED')]);
    const { codes } = await ask(
      db,
      own.ctx,
      `query ($id: ID!) { node(id: $id) { ... on Comparison { export(format: CSV) { content } } } }`,
      { id },
    );
    expect(codes).toEqual(['CONFLICT']);
  });

  it('is refused above ten million evaluations', async () => {
    await claimEvaluations(10_000_002);
    const call = input({ ...groupsOf([runs[0] ?? ''], [runs[1] ?? '']), targetEvaluations: 300 });
    const { codes, errors } = await ask(db, own.ctx, COMPARE, { input: call });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.message).toContain('10000002 evaluations together');
  });
});

describe('bad input to compareSearches', () => {
  it.each([
    ['one group', () => ({ groups: [{ label: 'unpruned', searchRunIds: full }] })],
    [
      'groups of one label',
      () => ({ groups: [full, random].map((ids) => ({ label: 'unpruned', searchRunIds: ids })) }),
    ],
    ['a group without runs', () => groupsOf(full, [])],
    ['a run in two groups', () => groupsOf(full, full)],
    ['a baseline that is no group', () => ({ baseline: 'nobody' })],
    ['a target of 0', () => ({ targetEvaluations: 0 })],
    ['a target beyond what the baseline evaluated', () => ({ targetEvaluations: 601 })],
    ['an id that is none', () => groupsOf(full, ['nonsense'])],
    ['an empty name', () => ({ name: ' ' })],
    ['no columns', () => ({ columns: [] })],
    ['columns that do not ascend', () => ({ columns: [10, 10] })],
    ['columns beyond every run', () => ({ columns: [601] })],
    ['a column of 0', () => ({ columns: [0, 10] })],
    ['21 columns', () => ({ columns: Array.from({ length: 21 }, (_, i) => i + 1) })],
  ])('refuses %s', async (_what, more) => {
    expect((await ask(db, own.ctx, COMPARE, { input: input(more()) })).codes).toEqual(['BAD_INPUT']);
  });

  it('refuses runs with limits, which searched for a part of the front', async () => {
    const limited = await endedRuns(db, own, { seeds: [51], budget: 600, limits: { latencyMs: 2 } });
    const { codes, errors } = await ask(db, own.ctx, COMPARE, { input: input(groupsOf(full, limited)) });
    expect([codes, errors?.[0]?.message]).toEqual([['BAD_INPUT'], expect.stringContaining('has limits')]);
  });

  it('refuses runs that have not ended', async () => {
    const waiting = await startRuns(db, own, { seeds: [41] });
    expect((await ask(db, own.ctx, COMPARE, { input: input(groupsOf(full, waiting)) })).codes).toEqual([
      'CONFLICT',
    ]);
  });

  it('is judged only by what the runs used, and never by another team’s', async () => {
    for (const more of [{ deviceProfileId: other.profileId }, { accuracySourceId: other.sourceId }])
      expect((await ask(db, own.ctx, COMPARE, { input: input(more) })).codes).toEqual(['BAD_INPUT']);
    expect(
      (await ask(db, own.ctx, COMPARE, { input: input({ deviceProfileId: own.sourceId }) })).codes,
    ).toEqual(['NOT_FOUND']);
  });

  it('refuses runs for another target', async () => {
    const [profile] = await db.sql<{ id: string }>(
      `with target as (
         insert into hardware_targets (team_id, fingerprint, name, processor, runtime, provider, "precision", threads, batch)
         select team_id, 'another', name, processor, runtime, provider, "precision", threads, batch from hardware_targets
         where team_id = $1 and fingerprint = 'test-target' returning id)
       insert into device_profiles (team_id, space_version_id, target_id, method, latency_table, quality)
       select p.team_id, p.space_version_id, target.id, p.method, p.latency_table, p.quality
       from device_profiles p, target where p.id = $2 returning id`,
      [own.teamId, uuidOf('DeviceProfile', own.profileId, 'id')],
    );
    const deviceProfileId = toGlobalId('DeviceProfile', profile?.id ?? '');
    const elsewhere = await endedRuns(db, own, { deviceProfileId, seeds: [1], budget: 600 });
    const { codes, errors } = await ask(db, own.ctx, COMPARE, { input: input(groupsOf(full, elsewhere)) });
    expect([codes, errors?.[0]?.message]).toEqual([
      ['BAD_INPUT'],
      'The runs are for different hardware targets.',
    ]);
  });

  it('does not see runs of others, and refuses visitors', async () => {
    const theirs = await endedRuns(db, other, { seeds: [1] });
    const call = { input: input({ ...groupsOf(full, theirs), targetEvaluations: 300 }) };
    expect((await ask(db, own.ctx, COMPARE, call)).codes).toEqual(['NOT_FOUND']);
    expect((await ask(db, db.visitor, COMPARE, call)).codes).toEqual(['UNAUTHENTICATED']);
  });
});

describe('the median of evaluations to the target', () => {
  it.each([
    [[], null],
    [[null, null, 5], null],
    [[null, 9, 5], 9],
    [[null, null, 9, 5], 9],
    [[1, 2, 3, null], 3],
    [[4, 6], 5],
  ] as const)('of %j is %j', (reached, expected) => {
    expect(medianReached(reached)).toBe(expected);
  });
});
