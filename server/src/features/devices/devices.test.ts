import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../../graphql/node-ids.js';
import type { RequestContext } from '../../graphql/context.js';
import type { TeamId } from '../../platform/database/tenancy.js';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { agentWith, pairedAgent, pairingCode, REGISTER, TARGET, uuidIn } from '../profiles/testing/agents.js';
import { mintPairingCode, pairingCodeHash } from './pairing-code.js';
import { fingerprintOf, targetName } from './targets.js';

interface Team {
  readonly teamId: TeamId;
  readonly ctx: RequestContext;
  readonly poolId: string;
}

let db: TestDatabase;
let own: Team;
let other: Team;

beforeAll(async () => {
  db = await testDatabase();
  own = await teamWithPool();
  other = await teamWithPool();
});
afterAll(() => db.close());

const CREATE_POOL = 'mutation ($input: CreatePoolInput!) { createPool(input: $input) { pool { id name } } }';

async function teamWithPool(): Promise<Team> {
  const { teamId, ctx } = await db.team();
  const { data } = await ask(db, ctx, CREATE_POOL, {
    input: { idempotencyKey: randomUUID(), name: 'boards' },
  });
  return { teamId, ctx, poolId: data.createPool.pool.id };
}

const register = (pairing: string, more: Record<string, unknown> = {}) =>
  ask(db, db.visitor, REGISTER, {
    input: {
      pairingCode: pairing,
      name: randomUUID(),
      targets: [TARGET],
      environment: {},
      agentVersion: '0.1.0',
      ...more,
    },
  });

/** A context without what an earlier request has loaded. */
const fresh = ({ ctx }: Team): RequestContext => db.contextOf(ctx.principal);

describe('pools', () => {
  it('has one pool of a name, and answers the same key with the same pool', async () => {
    const input = { idempotencyKey: randomUUID(), name: 'phones' };
    const first = await ask(db, own.ctx, CREATE_POOL, { input });
    const again = await ask(db, own.ctx, CREATE_POOL, { input });
    expect(again.data).toEqual(first.data);
    const taken = await ask(db, own.ctx, CREATE_POOL, { input: { ...input, idempotencyKey: randomUUID() } });
    expect(taken.codes).toEqual(['CONFLICT']);
    const mismatch = await ask(db, own.ctx, CREATE_POOL, { input: { ...input, name: 'tablets' } });
    expect(mismatch.codes).toEqual(['IDEMPOTENCY_MISMATCH']);
  });

  it.each(['', '   ', 'x'.repeat(101), 'a\0b'])('refuses the name %j', async (name) => {
    const { errors, codes } = await ask(db, own.ctx, CREATE_POOL, {
      input: { idempotencyKey: randomUUID(), name },
    });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe('input.name');
  });

  it('shows no pool to another team, and no list to visitors', async () => {
    const seen = await ask(db, other.ctx, 'query ($id: ID!) { node(id: $id) { id } }', { id: own.poolId });
    expect(seen.data.node).toBeNull();
    const list = await ask(db, db.visitor, '{ pools(first: 5) { nodes { id } } }');
    expect(list.codes).toEqual(['UNAUTHENTICATED']);
  });
});

describe('pairing', () => {
  it('makes codes that are read aloud without a mistake', () => {
    const codes = Array.from({ length: 500 }, mintPairingCode);
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
    expect(new Set(codes).size).toBe(500);
    expect(pairingCodeHash('abcd-efgh')).toEqual(pairingCodeHash('ABCD EFGH'));
    expect(pairingCodeHash('ABCDEFG')).toBeNull();
    expect(pairingCodeHash('ABCDEFG0')).toBeNull();
  });

  it('keeps neither code nor token in clear', async () => {
    const code = await pairingCode(db, own.ctx, own.poolId);
    const { data } = await register(code);
    const [rows] = await db.sql<{ all: string }>(
      `select (select string_agg(p::text, ' ') from pairing_codes p) || (select string_agg(t::text, ' ') from tokens t)
         || (select string_agg(a::text, ' ') from audit_events a) as all`,
    );
    expect(rows?.all).not.toContain(code);
    expect(rows?.all).not.toContain(data.registerDevice.agentToken);
  });

  it('is good once', async () => {
    const code = await pairingCode(db, own.ctx, own.poolId);
    expect((await register(code)).codes).toEqual([]);
    expect((await register(code)).codes).toEqual(['PAIRING_CODE_INVALID']);
  });

  it('lets one of two devices in that use a code at once', async () => {
    const code = await pairingCode(db, own.ctx, own.poolId);
    const answers = await Promise.all([register(code), register(code), register(code)]);
    expect(answers.flatMap(({ codes }) => codes)).toEqual(['PAIRING_CODE_INVALID', 'PAIRING_CODE_INVALID']);
  });

  it('refuses unknown, malformed and expired codes with the same words', async () => {
    const expired = await pairingCode(db, own.ctx, own.poolId);
    await db.sql(`update pairing_codes set expires_at = now() where used_at is null`);
    const answers = await Promise.all(
      [expired, mintPairingCode(), '', 'x'.repeat(500), 'ABC\0DEFG'].map((c) => register(c)),
    );
    for (const { codes } of answers) expect(codes).toEqual(['PAIRING_CODE_INVALID']);
    expect(new Set(answers.map(({ errors }) => errors?.[0]?.message)).size).toBe(1);
  });

  it('gives no code for another team’s pool', async () => {
    const { codes } = await ask(
      db,
      other.ctx,
      'mutation ($pool: ID!) { createPairingCode(input: { poolId: $pool }) { code } }',
      { pool: own.poolId },
    );
    expect(codes).toEqual(['NOT_FOUND']);
  });
});

describe('registering', () => {
  it.each([
    ['input.name', { name: '' }],
    ['input.name', { name: 'x'.repeat(101) }],
    ['input.targets.0.threads', { targets: [{ ...TARGET, threads: 0 }] }],
    ['input.targets.0.batch', { targets: [{ ...TARGET, batch: -1 }] }],
    ['input.targets.1.processor', { targets: [TARGET, { ...TARGET, processor: '' }] }],
    ['input.targets', { targets: [] }],
    ['input.targets', { targets: Array.from({ length: 17 }, (_, i) => ({ ...TARGET, threads: i + 1 })) }],
    ['input.targets.1', { targets: [TARGET, { ...TARGET }] }],
    ['input.environment', { environment: [1] }],
    ['input.environment', { environment: { text: 'x'.repeat(70_000) } }],
    ['input.environment', { environment: { text: 'a\0b' } }],
    ['input.agentVersion', { agentVersion: '' }],
  ])('refuses a bad %s and leaves the code good', async (field, more) => {
    const code = await pairingCode(db, own.ctx, own.poolId);
    const { codes, errors } = await register(code, more);
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors?.[0]?.extensions['field']).toBe(field);
    expect((await register(code)).codes).toEqual([]);
  });

  it('brings a device up to date that registers again, and ends its old token', async () => {
    const first = await pairedAgent(db, own.ctx, own.poolId, { name: 'board 1' });
    const target = { ...TARGET, threads: 2 };
    const second = await pairedAgent(db, own.ctx, own.poolId, { name: 'board 1', target });
    expect(second.deviceId).toBe(first.deviceId);
    await expect(first.ctx()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await second.heartbeat()).codes).toEqual([]);
    const { data } = await ask(
      db,
      fresh(own),
      'query ($id: ID!) { node(id: $id) { ... on Device { name status targets { name threads } pool { id } } } }',
      { id: second.deviceId },
    );
    expect(data.node).toEqual({
      name: 'board 1',
      status: 'ONLINE',
      pool: { id: own.poolId },
      targets: [{ name: 'Intel Xeon CPU · fp32 · 2 threads · batch 16', threads: 2 }],
    });
  });

  it('keeps several targets in their order, and those of an agent’s next start in their place', async () => {
    const int8 = { ...TARGET, precision: 'int8' };
    const agent = await pairedAgent(db, own.ctx, own.poolId, { targets: [TARGET, int8] });
    const update = `mutation ($input: UpdateDeviceInput!) { updateDevice(input: $input) { device { agentVersion environment targets { precision threads } } } }`;
    const input = {
      targets: [int8, { ...TARGET, threads: 2 }],
      environment: { cores: 4 },
      agentVersion: '0.2.0',
    };
    const { data } = await ask(db, await agent.ctx(), update, { input });
    expect(data.updateDevice.device).toEqual({
      agentVersion: '0.2.0',
      environment: { cores: 4 },
      targets: [
        { precision: 'int8', threads: 1 },
        { precision: 'fp32', threads: 2 },
      ],
    });
    expect((await ask(db, own.ctx, update, { input })).codes).toEqual(['FORBIDDEN']);
    expect((await ask(db, await agent.ctx(), update, { input: { ...input, targets: [] } })).codes).toEqual([
      'BAD_INPUT',
    ]);
  });

  it('takes no name that a device of another pool has', async () => {
    await pairedAgent(db, own.ctx, own.poolId, { name: 'taken' });
    const { data } = await ask(db, own.ctx, CREATE_POOL, {
      input: { idempotencyKey: randomUUID(), name: 'second' },
    });
    const { codes } = await register(await pairingCode(db, own.ctx, data.createPool.pool.id), {
      name: 'taken',
    });
    expect(codes).toEqual(['CONFLICT']);
  });

  it('lists devices by name and targets once', async () => {
    const team = await teamWithPool();
    for (const name of ['c', 'a', 'b']) await pairedAgent(db, team.ctx, team.poolId, { name });
    await pairedAgent(db, team.ctx, team.poolId, {
      name: 'd',
      target: { ...TARGET, runtime: 'onnxruntime-node 1.31.0' },
    });
    const { data } = await ask(
      db,
      fresh(team),
      '{ devices(first: 3) { nodes { name } pageInfo { hasNextPage endCursor } } hardwareTargets { name } }',
    );
    expect(data.devices.nodes.map((d: { name: string }) => d.name)).toEqual(['a', 'b', 'c']);
    expect(data.hardwareTargets.map((t: { name: string }) => t.name)).toEqual([
      'Intel Xeon CPU · fp32 · 1 thread · batch 16',
      'Intel Xeon CPU · fp32 · 1 thread · batch 16 · onnxruntime-node 1.31.0',
    ]);
    const rest = await ask(
      db,
      fresh(team),
      'query ($after: String) { devices(first: 3, after: $after) { nodes { name } } }',
      {
        after: data.devices.pageInfo.endCursor,
      },
    );
    expect(rest.data.devices.nodes).toEqual([{ name: 'd' }]);
  });
});

describe('a heartbeat', () => {
  it('is an agent’s alone', async () => {
    const beat = 'mutation { heartbeat(input: {}) { device { id } } }';
    expect((await ask(db, own.ctx, beat)).codes).toEqual(['FORBIDDEN']);
    expect((await ask(db, db.visitor, beat)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('tells what the device does and which leases it does not have', async () => {
    const agent = await pairedAgent(db, own.ctx, own.poolId);
    const { data } = await agent.heartbeat([1_000_000]);
    expect(data.heartbeat).toMatchObject({
      lostFencingNumbers: [1_000_000],
      device: { id: agent.deviceId, activity: 'measuring', status: 'ONLINE', pool: { name: 'boards' } },
    });
    await db.sql(`update devices set last_seen_at = now() - interval '2 minutes' where id = $1`, [
      uuidIn(agent.deviceId),
    ]);
    const seen = await ask(
      db,
      fresh(own),
      'query ($id: ID!) { node(id: $id) { ... on Device { status } } }',
      { id: agent.deviceId },
    );
    expect(seen.data.node.status).toBe('OFFLINE');
  });

  it('refuses too many words and too many leases', async () => {
    const agent = await pairedAgent(db, own.ctx, own.poolId);
    const beat = 'mutation ($input: HeartbeatInput!) { heartbeat(input: $input) { device { id } } }';
    expect((await ask(db, await agent.ctx(), beat, { input: { activity: 'x'.repeat(201) } })).codes).toEqual([
      'BAD_INPUT',
    ]);
    const many = Array.from({ length: 201 }, (_, i) => i + 1);
    expect((await ask(db, await agent.ctx(), beat, { input: { fencingNumbers: many } })).codes).toEqual([
      'BAD_INPUT',
    ]);
  });

  it('cannot be sent for another device: an agent acts for its own alone', async () => {
    const agent = await pairedAgent(db, own.ctx, own.poolId);
    const stranger = agentWith(
      db,
      `${agent.token.slice(0, -1)}${agent.token.endsWith('a') ? 'b' : 'a'}`,
      agent.deviceId,
    );
    await expect(stranger.ctx()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(
      (await ask(db, await agent.ctx(), CREATE_POOL, { input: { idempotencyKey: randomUUID(), name: 'n' } }))
        .codes,
    ).toEqual(['FORBIDDEN']);
  });
});

describe('a hardware target', () => {
  const changes = {
    processor: 'M4',
    runtime: 'r',
    provider: 'webgpu',
    precision: 'fp16',
    threads: 2,
    batch: 1,
  };

  it.each(Object.entries(changes))('is another one when its %s differs', (field, value) => {
    expect(fingerprintOf({ ...TARGET, [field]: value })).not.toBe(fingerprintOf(TARGET));
    expect(fingerprintOf({ ...TARGET })).toBe(fingerprintOf(TARGET));
  });

  it('is named as a person would', () => {
    expect(targetName(TARGET)).toBe('Intel Xeon CPU · fp32 · 1 thread · batch 16');
    expect(targetName({ ...TARGET, processor: 'AMD EPYC 7B13', threads: 4, batch: 1 })).toBe(
      'AMD EPYC 7B13 CPU · fp32 · 4 threads · batch 1',
    );
  });

  it('is not shown to another team', async () => {
    const [row] = await db.sql<{ id: string }>('select id from hardware_targets where team_id = $1', [
      own.teamId,
    ]);
    const { data } = await ask(db, fresh(other), 'query ($id: ID!) { node(id: $id) { id } }', {
      id: toGlobalId('HardwareTarget', row?.id ?? ''),
    });
    expect(data.node).toBeNull();
  });
});
