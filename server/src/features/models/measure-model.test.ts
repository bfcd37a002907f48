import { randomUUID } from 'node:crypto';
import { referenceNetwork, seededWeights, toOnnx } from '@espalier/nas/graph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import {
  outcomesOf,
  pairedAgent,
  reportOf,
  TARGET,
  uuidIn,
  type TestAgent,
} from '../profiles/testing/agents.js';
import { truth } from '../profiles/testing/campaigns.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';

const CREATE = `mutation ($input: CreateModelInput!) { createModel(input: $input) { model { id contentHash } } }`;
const MEASURE = `mutation ($input: MeasureModelInput!) { measureModel(input: $input) { profileRun { id } } }`;
const FILE = `query ($id: ID!) { modelFile(modelId: $id) { content } }`;
const RUN = `query ($id: ID!) { node(id: $id) { ... on ProfileRun { kind status error spaceVersion { id } model { id }
  measurements(first: 5) { nodes { subject status floorMs error } } } } }`;

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;
let agent: TestAgent;

beforeAll(async () => {
  db = await testDatabase();
  [own, other] = [await fashionTeam(db), await fashionTeam(db)];
  agent = await pairedAgent(db, own.ctx, own.poolId);
});
afterAll(() => db.close());

/** A model whose batch is fixed. */
const bytes = (batch: number): string => {
  const model = toOnnx(referenceNetwork(), { batch, weights: seededWeights(0), batchNorm: 'folded' });
  return Buffer.from(model).toString('base64');
};

async function upload(
  batch: number = TARGET.batch,
  team = own,
): Promise<{ id: string; contentHash: string }> {
  const input = { idempotencyKey: randomUUID(), name: `model ${randomUUID()}`, content: bytes(batch) };
  return (await ask(db, team.ctx, CREATE, { input })).data.createModel.model;
}

const measure = (modelId: string, more: Record<string, unknown> = {}) =>
  ask(db, own.ctx, MEASURE, {
    input: { idempotencyKey: randomUUID(), modelId, poolId: own.poolId, ...more },
  });

const fileFor = async (who: TestAgent, id: string) => ask(db, await who.ctx(), FILE, { id });

it('is measured by the agent that leases it, which reads its file only meanwhile', async () => {
  const model = await upload();
  expect((await fileFor(agent, model.id)).codes).toEqual(['NOT_FOUND']);
  const started = await measure(model.id);
  expect(started.codes).toEqual([]);
  const { id } = started.data.measureModel.profileRun;
  const [lease, ...others] = await agent.lease();
  if (!lease) throw new Error('no lease');
  expect(others).toEqual([]);
  expect(lease).toMatchObject({
    subject: { kind: 'MODEL', modelId: model.id, contentHash: model.contentHash },
    spaceVersionId: null,
    space: null,
  });
  expect((await fileFor(agent, model.id)).data.modelFile.content).toBe(bytes(TARGET.batch));
  expect((await fileFor(agent, (await upload()).id)).codes).toEqual(['NOT_FOUND']);
  const idle = await pairedAgent(db, own.ctx, own.poolId);
  expect((await fileFor(idle, model.id)).codes).toEqual(['NOT_FOUND']);

  expect(outcomesOf(await agent.report([reportOf(lease, truth)]))).toEqual(['ACCEPTED']);
  expect((await fileFor(agent, model.id)).codes).toEqual(['NOT_FOUND']);
  expect((await ask(db, own.ctx, RUN, { id })).data.node).toMatchObject({
    kind: 'MODEL',
    status: 'SUCCEEDED',
    error: null,
    spaceVersion: null,
    model: { id: model.id },
    measurements: { nodes: [{ status: 'DONE', floorMs: expect.any(Number) }] },
  });
  expect((await ask(db, other.ctx, RUN, { id })).data.node).toBeNull();
});

it('fails with the reason that the device gives', async () => {
  // Another device that was there would be given it after the first failure.
  await db.sql('update devices set last_seen_at = null where id <> $1', [uuidIn(agent.deviceId)]);
  const { id } = (await measure((await upload()).id)).data.measureModel.profileRun;
  for (let attempt = 0; attempt < 3; attempt++) {
    const [lease] = await agent.lease();
    if (!lease) throw new Error('no lease');
    const { measurementId, fencingNumber } = lease;
    await agent.report([{ measurementId, fencingNumber, error: 'out of memory' }]);
  }
  const { node } = (await ask(db, own.ctx, RUN, { id })).data;
  expect(node).toMatchObject({ status: 'FAILED', error: 'The model could not be measured: out of memory' });
});

it('is refused when it is another team’s, its batch is another, or nobody could measure it', async () => {
  expect((await measure((await upload(TARGET.batch, other)).id)).codes).toEqual(['NOT_FOUND']);
  expect((await measure((await upload(2)).id)).codes).toEqual(['BAD_INPUT']);
  const model = await upload();
  expect((await measure(model.id, { poolId: other.poolId })).codes).toEqual(['NOT_FOUND']);
  await db.sql('delete from devices where pool_id = $1', [uuidIn(own.poolId)]);
  expect((await measure(model.id)).codes).toEqual(['CONFLICT']);
});

it('is measured once for a key', async () => {
  await pairedAgent(db, own.ctx, own.poolId);
  const [model, key] = [await upload(), { idempotencyKey: randomUUID() }];
  const first = (await measure(model.id, key)).data.measureModel.profileRun;
  expect((await measure(model.id, key)).data.measureModel.profileRun).toEqual(first);
  expect((await measure((await upload()).id, key)).codes).toEqual(['IDEMPOTENCY_MISMATCH']);
});
