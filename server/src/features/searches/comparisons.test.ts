import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { endedRuns, prunedSpace, startRuns } from '../testing/search.js';
import { medianReached } from './compare.js';

const FIELDS = `id baseline reference targetIgdPlus checkpoints verdict visibility
  space { name } task { name } target { name }
  groups { label rule ratio spaceSize evaluationsToTarget speedup seedsReachingTarget
    igdPlus { median low high } gd { median } hypervolumeRatio { median } frontier { latencyMs accuracy } runs { id } }`;
const COMPARE = `mutation ($input: CompareSearchesInput!) { compareSearches(input: $input) { comparison { ${FIELDS} } } }`;
const READ = `query ($id: ID!) { node(id: $id) { ... on Comparison { ${FIELDS} } } }`;

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
    expect(comparison.reference).toMatch(/^The true front: \d+ of 19683/);
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
  ])('refuses %s', async (_what, more) => {
    expect((await ask(db, own.ctx, COMPARE, { input: input(more()) })).codes).toEqual(['BAD_INPUT']);
  });

  it('refuses runs that have not ended', async () => {
    const waiting = await startRuns(db, own, { seeds: [41] });
    expect((await ask(db, own.ctx, COMPARE, { input: input(groupsOf(full, waiting)) })).codes).toEqual([
      'CONFLICT',
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
