import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../graphql/context.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';

let db: TestDatabase;
let ctx: RequestContext;
let other: RequestContext;

beforeAll(async () => {
  db = await testDatabase();
  ctx = (await db.team()).ctx;
  other = (await db.team()).ctx;
});
afterAll(() => db.close());

const CREATE = `mutation ($input: CreateSearchSpaceInput!) { createSearchSpace(input: $input) { space { id versionCount
  currentVersion { id size contentHash document } versions(first: 10) { nodes { id label size parent { id } pruning { rule } } } } } }`;
const ADD = `mutation ($input: CreateSearchSpaceVersionInput!) { createSearchSpaceVersion(input: $input) { version { id size document parent { id } } } }`;
const CHECK = `query ($text: String!) { checkSearchSpace(text: $text) { problems { path message line column expected found }
  summary { name document size keptSize stageCount positionCount typical { paramCount macs } smallest { paramCount } largest { paramCount } } } }`;
const EXPORT = `query ($id: ID!, $format: SpaceTextFormat!) { exportSpace(spaceVersionId: $id, format: $format) { fileName mediaType content } }`;

const TINY = `
format: espalier.space/1
name: tiny
input: { channels: 3, resolution: 32 }
classes: 10
operators:
  k3: { op: conv, kernel: 3 }
  k5: { op: conv, kernel: 5 } # larger
  skip:
choices: { all: [k3, k5, skip] }
stages:
  - { name: first, channels: 16, stride: 2, layers: 2 }
  - { name: second, channels: 32, stride: 2, layers: 1 }
`;
/** The same space with other keys first, as JSON and without shared lists. */
const SAME = JSON.stringify({
  stages: [
    { layers: [{ choices: ['k3', 'k5', 'skip'], repeat: 2 }], stride: 2, channels: [16], name: 'first' },
    { channels: 32, name: 'second', layers: { choices: ['k3', 'k5', 'skip'], stride: 2 } },
  ],
  operators: {
    skip: { op: 'skip' },
    k5: { kernel: 5, op: 'conv', norm: true },
    k3: { op: 'conv', kernel: 3 },
  },
  classes: 10,
  input: { resolution: [32] },
  name: 'tiny',
  format: 'espalier.space/1',
});

const create = async (input: Record<string, unknown>) =>
  ask(db, ctx, CREATE, {
    input: { idempotencyKey: randomUUID(), name: `space-${randomUUID().slice(0, 8)}`, ...input },
  });

describe('an uploaded space', () => {
  it('is one version, whatever the order of keys, comments, YAML or JSON', async () => {
    const { data } = await create({ text: TINY });
    const { id, currentVersion } = data.createSearchSpace.space;
    expect(currentVersion.size).toBe('27');
    for (const input of [
      { text: SAME },
      { document: JSON.parse(SAME) },
      { document: currentVersion.document },
    ]) {
      const added = await ask(db, ctx, ADD, {
        input: { idempotencyKey: randomUUID(), spaceId: id, ...input },
      });
      expect(added.data.createSearchSpaceVersion.version.id).toBe(currentVersion.id);
    }
  });

  it('that prunes is derived from the whole space, which stays the current one', async () => {
    const { data } = await create({ text: `${TINY}remove: { first-1: [k5], second-1: [k3, skip] }` });
    const { id, currentVersion, versions, versionCount } = data.createSearchSpace.space;
    expect([currentVersion.size, versionCount]).toEqual(['27', 2]);
    const pruned = versions.nodes.find(({ size }: { size: string }) => size === '6');
    expect(pruned).toMatchObject({ parent: { id: currentVersion.id }, pruning: { rule: 'MANUAL' } });
    const text = `${TINY}keep: { second-1: k5, first-1: [k3, skip] }`;
    const again = await ask(db, ctx, ADD, { input: { idempotencyKey: randomUUID(), spaceId: id, text } });
    expect(again.data.createSearchSpaceVersion.version.id).toBe(pruned.id);
  });

  it('is exported as YAML and JSON that are the same version', async () => {
    const { data } = await create({ text: `${TINY}remove: { first-1: [k5] }` });
    const { id, versions } = data.createSearchSpace.space;
    for (const node of versions.nodes)
      for (const format of ['YAML', 'JSON']) {
        const { data: written } = await ask(db, ctx, EXPORT, { id: node.id, format });
        const input = { idempotencyKey: randomUUID(), spaceId: id, text: written.exportSpace.content };
        const added = await ask(db, ctx, ADD, { input });
        expect(added.data.createSearchSpaceVersion.version.id).toBe(node.id);
      }
    const hidden = await ask(db, other, EXPORT, { id: versions.nodes[0].id, format: 'YAML' });
    expect(hidden.codes).toEqual(['NOT_FOUND']);
  });

  it('is refused with every problem, its line and column, and leaves nothing', async () => {
    const text = TINY.replace('kernel: 3', 'kernal: 3').replace('layers: 1', 'layers: 0');
    const { codes, errors } = await create({ text, name: 'refused' });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions).toMatchObject({
      field: 'input.text',
      problems: [
        { path: 'operators.k3.kernel', line: 7 },
        { path: 'operators.k3.kernal', line: 7, message: expect.stringContaining('did you mean kernel?') },
        { path: 'stages[1].layers', line: 13, column: 54, found: '0' },
      ],
    });
    expect(await db.sql(`select 1 from search_spaces where name = 'refused'`)).toEqual([]);
  });

  it.each([
    ['neither text nor document', {}],
    ['both', { text: TINY, document: JSON.parse(SAME) }],
    [
      'a model that is not at hand',
      { text: TINY.replace('skip:', `skip: { op: uploaded, sha256: ${'a'.repeat(64)} }`) },
    ],
    ['the name of a built-in space', { text: TINY.replace('name: tiny', 'name: blox') }],
  ])('is refused with %s', async (_, input) => {
    expect((await create(input)).codes).toEqual(['BAD_INPUT']);
  });
});

describe('a check', () => {
  it('tells sizes and stores nothing', async () => {
    const before = await db.sql(`select count(*) from space_versions`);
    const { data } = await ask(db, ctx, CHECK, { text: `${TINY}remove: { first-2: k5 }` });
    expect(data.checkSearchSpace).toMatchObject({
      problems: [],
      summary: {
        name: 'tiny',
        size: '27',
        keptSize: '18',
        stageCount: 2,
        positionCount: 3,
        // 3×3 convolutions 3→16, 16→16, 16→32 with norms, classifier 32→10.
        typical: { paramCount: 432 + 32 + 2304 + 32 + 4608 + 64 + 330 },
        // A strided skip has its 1×1 convolution and norm; the second layer nothing.
        smallest: { paramCount: 48 + 32 + 512 + 64 + 330 },
        largest: { paramCount: 1200 + 32 + 2304 + 32 + 12800 + 64 + 330 },
      },
    });
    expect(await db.sql(`select count(*) from space_versions`)).toEqual(before);
  });

  it('is made twice an operation at most', async () => {
    const query = `{ a: checkSearchSpace(text: "") { problems { path } } b: checkSearchSpace(text: "") { problems { path } } c: checkSearchSpace(text: "") { problems { path } } }`;
    expect((await ask(db, ctx, query)).codes).toEqual(['QUERY_TOO_COMPLEX']);
  });

  it('gives problems as data', async () => {
    const { data } = await ask(db, ctx, CHECK, { text: TINY.replace('channels: 32', 'channels: 70000') });
    expect(data.checkSearchSpace).toEqual({
      summary: null,
      problems: [
        {
          path: 'stages[1].channels',
          message: 'expected a whole number from 1 to 65536, got 70000',
          expected: 'a whole number from 1 to 65536',
          found: '70000',
          line: 13,
          column: 31,
        },
      ],
    });
  });
});

describe('the JSON Schema', () => {
  it('is served to anybody as it is published', async () => {
    const http = await db.app.http();
    try {
      const response = await http.inject('/schemas/space.json');
      expect(response.headers['content-type']).toContain('application/schema+json');
      const published = new URL('../../../../docs/schema/space.schema.json', import.meta.url);
      expect(response.json()).toEqual(JSON.parse(readFileSync(published, 'utf8')));
    } finally {
      await http.close();
    }
  });
});
