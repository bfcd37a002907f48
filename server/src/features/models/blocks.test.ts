import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseSpaceDocument, parseSpaceText, uploadsIn, withUploads } from '@espalier/nas/format';
import { blockCosts, blockOf, seededWeights, toOnnx } from '@espalier/nas/graph';
import { parseSubject, subjectNetwork } from '@espalier/nas/profile';
import { createRandom } from '@espalier/nas/stats';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../graphql/context.js';
import type { TeamId } from '../../platform/database/tenancy.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { outcomesOf, pairedAgent, TARGET, uuidIn, type TestAgent } from '../profiles/testing/agents.js';
import { concludeAll } from '../profiles/testing/campaigns.js';
import { endedRuns } from '../testing/search.js';

const UPLOAD = `mutation ($input: CreateModelInput!) { createModel(input: $input) { model { id contentHash } } }`;
const CREATE = `mutation ($input: CreateSearchSpaceInput!) { createSearchSpace(input: $input) { space { id currentVersion {
  id size stages { layers { name choices { name paramCount macs } } } storeys { name outputShape } } } } }`;
const CHECK = `query ($text: String!) { checkSearchSpace(text: $text) { problems { path message line column }
  summary { size smallest { paramCount } largest { paramCount macs } } } }`;
const EXPORT = `query ($id: ID!, $encoding: [Int!]!, $format: ArchitectureFormat! = ONNX) {
  exportArchitecture(spaceVersionId: $id, encoding: $encoding, format: $format) { content paramCount macs } }`;
const PRUNE = `mutation ($input: CreatePrunedSpaceInput!) { createPrunedSpace(input: $input) { version { id
  stages { layers { choices { name kept paramCount } } } } } }`;
const PROFILE = `mutation ($input: StartProfileInput!) { startProfile(input: $input) { profileRun { id } } }`;
const RUN = `query ($id: ID!) { node(id: $id) { ... on ProfileRun { status error deviceProfile { id latencyMs efficiency } } } }`;
const TASK = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }`;
const TABLE = `mutation ($input: CreateAccuracySourceInput!) { createAccuracySource(input: $input) { accuracySource { id } } }`;
const SUPERNET = `mutation ($input: CreateSupernetSourceInput!) { createSupernetSource(input: $input) { accuracySource { id } } }`;
const PUBLISH = `mutation ($input: PublishSearchInput!) { publishSearch(input: $input) { leaderboard { frontier { encoding choices paramCount macs } } } }`;
const BLOCK = `query ($sha256: String!) { blockFile(sha256: $sha256) { content } }`;

/** A space of built-in blocks alone, and the same with a team's model among its choices. */
const text = (theirs: string, name = 'own-blocks'): string => `
format: espalier.space/1
name: ${name}
input: { channels: 3, resolution: 16 }
classes: 4
operators:
  ours: { op: mbconv, kernel: 3, expansion: 2 }
  small: { op: conv, kernel: 3 }
  theirs: ${theirs}
stem:
  - { op: conv, kernel: 3, stride: 2, channels: 16 }
stages:
  - { name: first, channels: 16, layers: [{ choices: [ours, small] }] }
  - { name: second, channels: 16, layers: [{ choices: [ours, small, theirs] }] }
`;
const uploaded = (sha256: string): string => `{ op: uploaded, sha256: ${sha256} }`;
const FIVE = '{ op: mbconv, kernel: 5, expansion: 3 }';
const builtIn = parseSpaceText(text(FIVE), new Map()).space;

/** The 5×5 block of the second stage, 16×8×8 to 16×8×8, as its author would upload it. */
const block = (seed = 0): Uint8Array =>
  toOnnx(blockOf(builtIn, 1, 2), { batch: 'dynamic', weights: seededWeights(seed), batchNorm: 'plain' });

let db: TestDatabase;
let own: { ctx: RequestContext; teamId: TeamId };
let other: { ctx: RequestContext };
let sha256: string;

beforeAll(async () => {
  db = await testDatabase();
  [own, other] = [await db.team(), await db.team()];
  sha256 = await upload(own.ctx, block());
});
afterAll(() => db.close());

async function upload(ctx: RequestContext, bytes: Uint8Array, visibility = 'PRIVATE'): Promise<string> {
  const content = Buffer.from(bytes).toString('base64');
  const input = { idempotencyKey: randomUUID(), name: `block ${randomUUID()}`, content, visibility };
  const { data, errors } = await ask(db, ctx, UPLOAD, { input });
  if (errors?.[0]) throw errors[0];
  return data.createModel.model.contentHash;
}

const fresh = (ctx: RequestContext): RequestContext => db.contextOf(ctx.principal);
const create = (source: string, ctx = own.ctx, more: Record<string, unknown> = {}) =>
  ask(db, fresh(ctx), CREATE, {
    input: { idempotencyKey: randomUUID(), name: `space-${randomUUID().slice(0, 8)}`, text: source, ...more },
  });
const versionOf = async (...args: Parameters<typeof create>) => {
  const { data, errors } = await create(...args);
  if (errors?.[0]) throw errors[0];
  return data.createSearchSpace.space.currentVersion;
};
const exported = async (id: string, encoding: number[], ctx = own.ctx) =>
  (await ask(db, fresh(ctx), EXPORT, { id, encoding })).data.exportArchitecture;

async function run(base64: string): Promise<number[]> {
  const session = await InferenceSession.create(Buffer.from(base64, 'base64'), { logSeverityLevel: 3 });
  const random = createRandom(5);
  const values = Float32Array.from({ length: 3 * 16 * 16 }, () => random.normal());
  const output = Object.values(await session.run({ input: new Tensor('float32', values, [1, 3, 16, 16]) }));
  await session.release();
  return [...((output[0]?.data ?? []) as Float32Array)];
}

describe('a space with an uploaded block', () => {
  it('has the block’s costs, as the same block of our own has them', async () => {
    const version = await versionOf(text(uploaded(sha256)));
    expect(version.size).toBe('6');
    expect(version.storeys.at(-1).outputShape).toEqual([4, 1, 1]);
    const costs = blockCosts(builtIn)[1]?.map(({ params, macs }) => ({ paramCount: params, macs }));
    const [, second] = version.stages.flatMap((stage: { layers: unknown[] }) => stage.layers);
    expect(second.choices.map(({ name: _, ...cost }: { name: string }) => cost)).toEqual(costs);
    const [found, expected] = await Promise.all(
      [uploaded(sha256), FIVE].map(
        async (theirs) =>
          (await ask(db, fresh(own.ctx), CHECK, { text: text(theirs) })).data.checkSearchSpace,
      ),
    );
    expect(found).toEqual(expected);
  });

  it('is exported as a network that computes what the same block of our own does', async () => {
    const theirs = await exported((await versionOf(text(uploaded(sha256)))).id, [1, 2]);
    const ours = await exported((await versionOf(text(FIVE))).id, [1, 2]);
    expect({ ...theirs, content: '' }).toEqual({ ...ours, content: '' });
    const [found, expected] = [await run(theirs.content), await run(ours.content)];
    const scale = Math.max(...expected.map(Math.abs));
    expect(found).toHaveLength(4);
    found.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN)) / scale).toBeLessThan(1e-5));
    // Its weights are its own, whatever the rest of the network has.
    const another = await exported(
      (await versionOf(text(uploaded(await upload(own.ctx, block(1)))))).id,
      [1, 2],
    );
    const different = await run(another.content);
    expect(
      Math.max(...different.map((value, i) => Math.abs(value - (expected[i] ?? 0)))) / scale,
    ).toBeGreaterThan(1e-3);
  });

  it('is pruned to versions that are built as well', async () => {
    const { id: spaceVersionId } = await versionOf(text(uploaded(sha256)));
    const pruning = { spaceVersionId, rule: 'MANUAL', kept: [[0], [2]] };
    const input = { idempotencyKey: randomUUID(), pruning };
    const { version } = (await ask(db, fresh(own.ctx), PRUNE, { input })).data.createPrunedSpace;
    const [, second] = version.stages.flatMap((stage: { layers: unknown[] }) => stage.layers);
    expect(second.choices[2]).toMatchObject({ name: 'theirs', kept: true });
    expect((await exported(version.id, [0, 2])).paramCount).toBeGreaterThan(second.choices[2].paramCount);
    const blocks = await db.sql(
      `select 1 from space_version_blocks where space_version_id = any($1) and encode(content_hash, 'hex') = $2`,
      [[uuidIn(spaceVersionId), uuidIn(version.id)], sha256],
    );
    expect(blocks).toHaveLength(2);
  });

  it('keeps its model from being removed', async () => {
    const kept = await upload(own.ctx, block(2));
    await versionOf(text(uploaded(kept)));
    const remove = db.sql(`delete from models where encode(content_hash, 'hex') = $1`, [kept]);
    await expect(remove).rejects.toThrow(/violates foreign key constraint/);
    const unused = await upload(own.ctx, block(3));
    await db.sql(`delete from models where encode(content_hash, 'hex') = $1`, [unused]);
    expect((await create(text(uploaded(unused)))).codes).toEqual(['BAD_INPUT']);
  });

  it('is seen and built by whom its visibility lets, and the model by nobody else', async () => {
    const hidden = await versionOf(text(uploaded(sha256)));
    expect((await ask(db, fresh(other.ctx), EXPORT, { id: hidden.id, encoding: [0, 2] })).codes).toEqual([
      'NOT_FOUND',
    ]);
    const shown = await versionOf(text(uploaded(sha256)), own.ctx, { visibility: 'PUBLIC' });
    const theirs = await exported(shown.id, [0, 2], other.ctx);
    expect(theirs).toEqual(await exported(shown.id, [0, 2]));
    expect((await create(text(uploaded(sha256)), other.ctx)).codes).toEqual(['BAD_INPUT']);
  });
});

describe('a document with an uploaded block', () => {
  const problemsOf = async (source: string, ctx = own.ctx) =>
    (await ask(db, fresh(ctx), CHECK, { text: source })).data.checkSearchSpace.problems;

  it('cannot name another team’s model, which is as unknown as one that never was', async () => {
    const never = 'f'.repeat(64);
    const [theirs, none] = [
      await problemsOf(text(uploaded(sha256)), other.ctx),
      await problemsOf(text(uploaded(never)), other.ctx),
    ];
    expect(theirs).toMatchObject([{ path: 'stages[1].layers[0]', line: 14 }]);
    expect(theirs[0].message).toContain(`there is no ONNX model ${sha256}`);
    expect(JSON.stringify(none).replaceAll(never, sha256)).toEqual(JSON.stringify(theirs));
    const shared = await upload(other.ctx, block(4), 'PUBLIC');
    expect(await problemsOf(text(uploaded(shared)))).toEqual([]);
    expect((await create(text(uploaded(shared)))).codes).toEqual([]);
  });

  it('is refused when its models have too many bytes together', async () => {
    const large = await upload(own.ctx, block(6));
    await db.sql(
      `update models set inspection = jsonb_set(inspection, '{byteSize}', '70000000') where encode(content_hash, 'hex') = $1`,
      [large],
    );
    expect(await problemsOf(text(uploaded(large)))).toMatchObject([
      { message: expect.stringContaining('70,000,000 bytes together; expected at most 67,108,864') },
    ]);
    expect((await create(text(uploaded(large)))).codes).toEqual(['BAD_INPUT']);
  });

  it('is read as the guide has it', async () => {
    const guide = readFileSync(new URL('../../../../docs/guides/models.md', import.meta.url), 'utf8');
    const [, example = ''] = /^```yaml\n(.*?)^```/ms.exec(guide) ?? [];
    expect(await problemsOf(example.replace(/sha256: [0-9a-f]{64}/, `sha256: ${sha256}`))).toEqual([]);
    expect((await problemsOf(example))[0].message).toMatch(
      /^ours does not fit body-1: there is no ONNX model/,
    );
  });

  it('is told where a block does not fit', async () => {
    const narrow = text(uploaded(sha256)).replace('second, channels: 16', 'second, channels: 24');
    expect(await problemsOf(narrow)).toMatchObject([
      {
        path: 'stages[1].layers[0]',
        message: expect.stringMatching(/^theirs does not fit second.*gives 16×8×8; expected 24×8×8$/),
      },
    ]);
    const early = text(uploaded(sha256)).replace('resolution: 16', 'resolution: 32');
    expect(await problemsOf(early)).toMatchObject([{ message: expect.stringContaining('16×8×8') }]);
    const fixed = toOnnx(blockOf(builtIn, 1, 2), { batch: 1, weights: seededWeights(0), batchNorm: 'plain' });
    expect(await problemsOf(text(uploaded(await upload(own.ctx, fixed))))).toMatchObject([
      { message: expect.stringContaining('open batch') },
    ]);
  });
});

describe('a campaign in a space with an uploaded block', () => {
  let agent: TestAgent;
  let poolId: string;
  const fileFor = async (who: TestAgent, hash: string) => ask(db, await who.ctx(), BLOCK, { sha256: hash });

  const pool = async (ctx: RequestContext): Promise<string> => {
    const { data } = await ask(
      db,
      fresh(ctx),
      'mutation ($key: UUID!) { createPool(input: { idempotencyKey: $key, name: "boards" }) { pool { id } } }',
      { key: randomUUID() },
    );
    return data.createPool.pool.id;
  };

  beforeAll(async () => {
    poolId = await pool(own.ctx);
    agent = await pairedAgent(db, own.ctx, poolId);
  });

  it('gives its agents the block while they measure, and ends in a profile', async () => {
    const { id: spaceVersionId } = await versionOf(text(uploaded(sha256)));
    expect((await fileFor(agent, sha256)).codes).toEqual(['NOT_FOUND']);
    const input = { idempotencyKey: randomUUID(), spaceVersionId, poolId };
    const { id } = (await ask(db, fresh(own.ctx), PROFILE, { input })).data.startProfile.profileRun;
    const leases = await agent.lease();
    const document = leases[0]?.space?.document;
    const { space } = parseSpaceDocument(document);
    expect(uploadsIn(space)).toEqual([sha256]);
    const bytes = Buffer.from((await fileFor(agent, sha256)).data.blockFile.content, 'base64');
    expect(bytes.equals(block())).toBe(true);

    for (const hash of [await upload(own.ctx, block(5)), 'f'.repeat(64), '../../etc/passwd', ''])
      expect((await fileFor(agent, hash)).codes).toEqual(['NOT_FOUND']);
    const idle = await pairedAgent(db, own.ctx, poolId);
    expect((await fileFor(idle, sha256)).codes).toEqual(['NOT_FOUND']);
    expect((await ask(db, fresh(own.ctx), BLOCK, { sha256 })).codes).toEqual(['NOT_FOUND']);

    const built = withUploads(space, new Map([[sha256, bytes]]));
    const reports = leases.map(({ measurementId, fencingNumber, subject, seed }) => {
      const network = subjectNetwork(built, parseSubject(built, subject));
      const model = toOnnx(network, {
        batch: TARGET.batch,
        weights: seededWeights(seed),
        batchNorm: 'folded',
      });
      // What takes longer has more to load: enough of a device for a profile.
      const ms = model.length / 10_000;
      return {
        measurementId,
        fencingNumber,
        rounds: Array.from({ length: 6 }, () => [ms, ms, ms]),
        referenceMs: [1, 1, 1, 1, 1, 1],
        sessionCreateMs: 1,
      };
    });
    expect(new Set(outcomesOf(await agent.report(reports)))).toEqual(new Set(['ACCEPTED']));
    await concludeAll(db);
    const { node } = (await ask(db, fresh(own.ctx), RUN, { id })).data;
    expect(node).toMatchObject({ status: 'SUCCEEDED', error: null });
    expect(node.deviceProfile.latencyMs[1]).toHaveLength(3);
    expect(node.deviceProfile.efficiency[1][2]).toBeGreaterThan(0);
    expect((await fileFor(agent, sha256)).codes).toEqual(['NOT_FOUND']);

    const team = {
      ...own,
      spaceId: '',
      poolId,
      versionId: spaceVersionId,
      profileId: node.deviceProfile.id,
      ...(await accuracies(spaceVersionId)),
    };
    const searchRunIds = await endedRuns(db, team, { budget: 12 });
    const publishing = { idempotencyKey: randomUUID(), searchRunIds, visibility: 'PRIVATE' };
    const { data } = await ask(db, fresh(own.ctx), PUBLISH, { input: publishing });
    const { frontier } = data.publishSearch.leaderboard;
    expect(frontier.length).toBeGreaterThan(0);
    for (const { encoding, choices, ...cost } of frontier) {
      expect(choices).toHaveLength(2);
      expect(cost).toEqual({ ...(await exported(spaceVersionId, encoding)), content: undefined });
    }
  });

  it('of another team, where the space is public, gives the block to that team’s agents alone', async () => {
    const { id: spaceVersionId } = await versionOf(text(uploaded(sha256)), own.ctx, { visibility: 'PUBLIC' });
    const theirPool = await pool(other.ctx);
    const theirs = await pairedAgent(db, other.ctx, theirPool);
    const input = { idempotencyKey: randomUUID(), spaceVersionId, poolId: theirPool };
    expect((await ask(db, fresh(other.ctx), PROFILE, { input })).codes).toEqual([]);
    expect((await fileFor(theirs, sha256)).codes).toEqual(['NOT_FOUND']);
    const [lease] = await theirs.lease(1);
    expect((await fileFor(theirs, sha256)).data.blockFile.content).toBe(
      Buffer.from(block()).toString('base64'),
    );
    await db.sql(`update measurements set lease_expires_at = now() where id = $1`, [
      uuidIn(lease?.measurementId ?? ''),
    ]);
    expect((await fileFor(theirs, sha256)).codes).toEqual(['NOT_FOUND']);
    expect((await ask(db, fresh(other.ctx), BLOCK, { sha256 })).codes).toEqual(['NOT_FOUND']);
  });

  it('is given no shared weights', async () => {
    const { id: spaceVersionId } = await versionOf(text(uploaded(sha256)));
    const { taskId } = await accuracies(spaceVersionId);
    const evaluationSet = { calibrationImages: '', images: '', labels: '', mean: [], deviation: [] };
    const input = {
      idempotencyKey: randomUUID(),
      name: 's',
      taskId,
      spaceVersionId,
      weights: '',
      evaluationSet,
    };
    const { codes, errors } = await ask(db, fresh(own.ctx), SUPERNET, { input });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe('input.spaceVersionId');
  });

  /** A task, and the accuracies of the six architectures. */
  async function accuracies(spaceVersionId: string): Promise<{ taskId: string; sourceId: string }> {
    const about = { idempotencyKey: randomUUID(), name: randomUUID(), dataset: 'd', metric: 'm' };
    const task = await ask(db, fresh(own.ctx), TASK, { input: about });
    const taskId: string = task.data.createTask.task.id;
    const denseTable = Buffer.from(Uint16Array.of(9000, 8000, 9100, 8500, 8100, 9200).buffer).toString(
      'base64',
    );
    const input = { idempotencyKey: randomUUID(), name: randomUUID(), taskId, spaceVersionId, denseTable };
    const { data } = await ask(db, fresh(own.ctx), TABLE, { input });
    return { taskId, sourceId: data.createAccuracySource.accuracySource.id };
  }
});
