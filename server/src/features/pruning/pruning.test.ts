import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;

beforeAll(async () => {
  db = await testDatabase();
  own = await fashionTeam(db);
  other = await fashionTeam(db);
});
afterAll(() => db.close());

const PREVIEW = `query ($input: PruningInput!) { previewPruning(input: $input) { sizeBefore sizeAfter explanation layers { kept removed scores } } }`;
const CREATE = `mutation ($input: CreatePrunedSpaceInput!) { createPrunedSpace(input: $input) { version {
  id label size contentHash parent { id } pruning { rule ratio evaluationCount explanation } stages { layers { choices { index kept } } } } } }`;

const rule = (team: FashionTeam, more: Record<string, unknown>): Record<string, unknown> => ({
  spaceVersionId: team.versionId,
  rule: 'RANDOM',
  ratio: 0.7,
  ...more,
});

const preview = (more: Record<string, unknown>, team = own) =>
  ask(db, team.ctx, PREVIEW, { input: rule(own, more) });
const create = (more: Record<string, unknown>, key: string = randomUUID(), team = own) =>
  ask(db, team.ctx, CREATE, { input: { idempotencyKey: key, pruning: rule(own, more) } });

describe('pruning', () => {
  it.each([
    [0, 27],
    [0.5, 14],
    [0.7, 9],
    [0.9, 3],
  ])('at %f keeps ceil((1 − ratio) · 27) choices a layer', async (ratio, kept) => {
    const { data } = await preview({ ratio });
    expect(data.previewPruning.layers.map((l: { kept: number[] }) => l.kept.length)).toEqual([
      kept,
      kept,
      kept,
    ]);
    expect(data.previewPruning.sizeAfter).toBe(String(kept ** 3));
  });

  it('stores what the preview showed, and the preview stores nothing', async () => {
    const input = {
      rule: 'BLOCK_EFFECT',
      deviceProfileId: own.profileId,
      accuracySourceId: own.sourceId,
      seed: 11,
    };
    const count = async () =>
      (await db.sql<{ n: number }>('select count(*)::int as n from space_versions'))[0]?.n;
    const before = await count();
    const shown = (await preview(input)).data.previewPruning;
    expect(await count()).toBe(before);
    const { data } = await create(input);
    const { version } = data.createPrunedSpace;
    const kept = version.stages.map((s: { layers: { choices: { index: number; kept: boolean }[] }[] }) =>
      s.layers[0]?.choices.filter((c) => c.kept).map((c) => c.index),
    );
    expect(kept).toEqual(shown.layers.map((l: { kept: number[] }) => l.kept));
    expect(version).toMatchObject({
      size: '729',
      parent: { id: own.versionId },
      pruning: { rule: 'BLOCK_EFFECT', ratio: 0.7, evaluationCount: 135 },
    });
  });

  it('is the same version for the same rule, and another for another rule', async () => {
    const first = (await create({ seed: 1 })).data.createPrunedSpace.version;
    expect((await create({ seed: 1 })).data.createPrunedSpace.version.id).toBe(first.id);
    expect((await create({ seed: 2 })).data.createPrunedSpace.version.id).not.toBe(first.id);
    const byHand = await create({
      rule: 'MANUAL',
      ratio: null,
      kept: first.stages.map((s: { layers: { choices: { index: number; kept: boolean }[] }[] }) =>
        s.layers[0]?.choices.filter((c) => c.kept).map((c) => c.index),
      ),
    });
    expect(byHand.data.createPrunedSpace.version.contentHash).toBe(first.contentHash);
    expect(byHand.data.createPrunedSpace.version.id).not.toBe(first.id);
  });
});

describe('bad input to pruning', () => {
  it.each([
    ['a ratio of 1.2', { ratio: 1.2 }, 'BAD_INPUT', 'input.ratio'],
    ['a ratio of 1', { ratio: 1 }, 'BAD_INPUT', 'input.ratio'],
    ['a negative ratio', { ratio: -0.1 }, 'BAD_INPUT', 'input.ratio'],
    ['no ratio', { ratio: null }, 'BAD_INPUT', 'input.ratio'],
    ['a layer left empty', { rule: 'MANUAL', kept: [[0], [], [0]] }, 'PRUNING_EMPTY', 'input.kept.1'],
    ['too few layers', { rule: 'MANUAL', kept: [[0]] }, 'BAD_INPUT', 'input.kept'],
    ['a choice that is none', { rule: 'MANUAL', kept: [[0], [27], [0]] }, 'BAD_INPUT', 'input.kept'],
    ['a negative choice', { rule: 'MANUAL', kept: [[-1], [0], [0]] }, 'BAD_INPUT', 'input.kept'],
  ])('refuses %s', async (_what, more, code, field) => {
    const { codes, errors } = await preview(more);
    expect(codes).toEqual([code]);
    expect(errors?.[0]?.extensions['field']).toBe(field);
  });

  it('refuses a ratio of NaN, which JSON cannot even say', async () => {
    const { codes } = await ask(db, own.ctx, PREVIEW, { input: rule(own, { ratio: Number.NaN }) });
    expect(codes).toHaveLength(1);
  });

  it('refuses to prune a pruned version', async () => {
    const { version } = (await create({ seed: 77 })).data.createPrunedSpace;
    expect((await preview({ spaceVersionId: version.id })).codes).toEqual(['BAD_INPUT']);
  });

  it("does not see another team's version or profile", async () => {
    expect((await preview({}, other)).codes).toEqual(['NOT_FOUND']);
    expect((await preview({ rule: 'EFFICIENCY', deviceProfileId: other.profileId })).codes).toEqual([
      'NOT_FOUND',
    ]);
    expect((await create({}, randomUUID(), other)).codes).toEqual(['NOT_FOUND']);
  });
});
