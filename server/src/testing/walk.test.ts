import { randomUUID } from 'node:crypto';
import { referenceNetwork, seededWeights, toOnnx } from '@espalier/nas/graph';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId, type NodeType } from '../graphql/node-ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { samplePrivateRows, type SampleRows } from '../platform/testing/sample-rows.js';
import { mintToken } from '../platform/tokens.js';
import { minimalOperation, type Operation, type ValueOf } from './minimal-operation.js';
import { bearer, postTo, type Answer, type Post } from './post.js';

/** Root fields that a visitor may call, for they are how one becomes somebody. */
const OPEN = ['signIn', 'signOut', 'registerDevice'];
/** Creates that refer to nothing of another team, so that they are the caller's own business. */
const OWN = [
  'createTeam',
  'createToken',
  'createPool',
  'createTask',
  'createSearchSpace',
  'createModel',
  'createUpload',
];
/** What an agent's mutations are to people and what theirs are to it. */
const AGENTS = ['updateDevice', 'heartbeat', 'leaseMeasurements', 'reportMeasurements'];

/** Which row an id of this name is the id of; `id` alone is decided by the field. */
const BY_NAME: Readonly<Record<string, readonly [NodeType, keyof SampleRows]>> = {
  spaceId: ['SearchSpace', 'spaceId'],
  spaceVersionId: ['SpaceVersion', 'spaceVersionId'],
  modelId: ['Model', 'modelId'],
  taskId: ['Task', 'taskId'],
  accuracySourceId: ['AccuracySource', 'accuracySourceId'],
  uploadId: ['Upload', 'uploadId'],
  poolId: ['Pool', 'poolId'],
  deviceId: ['Device', 'deviceId'],
  grantId: ['PoolGrant', 'grantId'],
  maintenanceId: ['MaintenanceWindow', 'maintenanceId'],
  targetId: ['HardwareTarget', 'targetId'],
  poolActivity: ['Pool', 'poolId'],
  deviceProfileId: ['DeviceProfile', 'deviceProfileId'],
  a: ['DeviceProfile', 'deviceProfileId'],
  b: ['DeviceProfile', 'deviceProfileId'],
  profileRunId: ['ProfileRun', 'profileRunId'],
  searchRunId: ['SearchRun', 'searchRunId'],
  searchRunIds: ['SearchRun', 'searchRunId'],
  tokenId: ['Token', 'tokenId'],
  measurementId: ['Measurement', 'measurementId'],
  trialId: ['AskedTrial', 'askedTrialId'],
  leaderboard: ['Leaderboard', 'leaderboardId'],
  profileProgress: ['ProfileRun', 'profileRunId'],
  searchProgress: ['SearchRun', 'searchRunId'],
  tableImportProgress: ['TableImport', 'tableImportId'],
};

const smallModel = toOnnx(referenceNetwork(), { batch: 1, weights: seededWeights(0), batchNorm: 'folded' });

const NODES: readonly (readonly [NodeType, keyof SampleRows])[] = [
  ...new Map(Object.values(BY_NAME).map((entry) => [entry[0], entry])).values(),
  ['User', 'userId'],
  ['Team', 'teamId'],
  ['AskedTrial', 'askedTrialId'],
  ['Comparison', 'comparisonId'],
  ['LeaderboardEntry', 'leaderboardEntryId'],
];

describe('every root field of the schema', () => {
  let db: TestDatabase;
  let http: FastifyInstance;
  let post: Post;
  let url: string;
  let foreign: SampleRows;
  let slug: string;
  let stranger: Record<string, string>;
  let strangersAgent: Record<string, string>;

  beforeAll(async () => {
    db = await testDatabase();
    http = await db.app.http();
    url = await http.listen({ host: '127.0.0.1', port: 0 });
    post = postTo(`${url}/graphql`);
    foreign = await samplePrivateRows(db);
    const [team] = await db.sql<{ slug: string }>('select slug from teams where id = $1', [foreign.teamId]);
    slug = team?.slug ?? '';
    const { userId } = await db.team();
    const session = mintToken('SESSION');
    await db.sql(
      `insert into sessions (user_id, secret_hash, expires_at) values ($1, $2, now() + interval '1 day')`,
      [userId, session.hash],
    );
    stranger = bearer(session.secret);
    const other = await samplePrivateRows(db);
    const agent = mintToken('AGENT');
    await db.sql(
      `insert into tokens (team_id, kind, name, prefix, secret_hash, scopes, role, device_id, pool_id)
       values ($1, 'AGENT', 'agent', $2, $3, '{AGENT}', 'VIEWER', $4, $5)`,
      [other.teamId, agent.prefix, agent.hash, other.deviceId, other.poolId],
    );
    strangersAgent = bearer(agent.secret);
  });
  afterAll(async () => {
    await http.close();
    await db.close();
  });

  const idOf = ([type, key]: readonly [NodeType, keyof SampleRows]): string => toGlobalId(type, foreign[key]);

  const valueOf =
    (field: string): ValueOf =>
    (name, type) => {
      const named = BY_NAME[name] ?? (name === 'id' ? BY_NAME[field] : undefined);
      if (named) return idOf(named);
      if (name === 'ids') return NODES.map(idOf);
      if (name === 'id' && type === 'ID') return idOf(['SearchSpace', 'spaceId']);
      if (name === 'team' || (name === 'slug' && field === 'team')) return slug;
      if (name === 'name' && field === 'searchSpace') return 'sample';
      if (name === 'first') return 2;
      if (type === 'UUID') return randomUUID();
      if (name === 'document') return { format: 'espalier.space/1', family: 'fashion-mobile' };
      if (name === 'slug') return `walk-${randomUUID().slice(0, 8)}`;
      if (name === 'content') return Buffer.from(smallModel).toString('base64');
      if (name === 'denseTable') return Buffer.alloc(2).toString('base64');
      if (name === 'scopes') return ['SPACES_READ'];
      if (name === 'rounds') return [[1, 1]];
      if (name === 'startsAt') return new Date(Date.now() + 60_000).toISOString();
      if (name === 'endsAt') return new Date(Date.now() + 120_000).toISOString();
      if (name === 'groups')
        return [idOf(['SearchRun', 'searchRunId']), toGlobalId('SearchRun', randomUUID())].map((run, i) => ({
          label: `group ${i}`,
          searchRunIds: [run],
        }));
      return undefined;
    };

  const fieldsOf = (kind: 'query' | 'mutation' | 'subscription'): Map<string, Operation> => {
    const type = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[kind];
    const root = db.app.schema.getType(type) as ReturnType<typeof db.app.schema.getQueryType>;
    return new Map(
      Object.values(root?.getFields() ?? {}).map((field) => [
        field.name,
        minimalOperation(kind, field, valueOf(field.name)),
      ]),
    );
  };

  /** Nothing by which the other team's rows could be recognised. */
  const expectNothingForeign = (answer: unknown, field: string): void => {
    const text = JSON.stringify(answer);
    expect(text, field).not.toContain(slug);
    for (const uuid of Object.values(foreign) as string[]) expect(text, field).not.toContain(uuid);
    for (const node of NODES) expect(text, field).not.toContain(idOf(node));
  };

  const codesOf = ({ errors }: Answer): string[] => [
    ...new Set(errors.map(({ extensions }) => extensions.code)),
  ];

  it('gives a visitor no row of a team', async () => {
    for (const [field, { query, variables }] of fieldsOf('query')) {
      const answer = await post(query, variables);
      expectNothingForeign([answer.data, answer.errors], field);
      const codes = codesOf(answer);
      expect(
        codes.filter((code) => !['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'].includes(code)),
        field,
      ).toEqual([]);
    }
  });

  it('lets a visitor change nothing', async () => {
    for (const [field, { query, variables }] of fieldsOf('mutation')) {
      if (OPEN.includes(field)) continue;
      const answer = await post(query, variables);
      expect(codesOf(answer), field).toEqual(['UNAUTHENTICATED']);
    }
  });

  it('gives another team no private row', async () => {
    for (const [field, { query, variables }] of fieldsOf('query')) {
      const answer = await post(query, variables, stranger);
      expectNothingForeign([answer.data, answer.errors], field);
      const codes = codesOf(answer);
      expect(
        codes.filter((code) => code !== 'NOT_FOUND'),
        `${field} ${JSON.stringify(answer.errors[0])}`,
      ).toEqual([]);
    }
  });

  it('lets another team change nothing and use nothing by its id', async () => {
    for (const [field, { query, variables }] of fieldsOf('mutation')) {
      if (OPEN.includes(field)) continue;
      const answer = await post(query, variables, stranger);
      expectNothingForeign([answer.data, answer.errors], field);
      const first = JSON.stringify(answer.errors[0]);
      // What is made is the caller's; parts of it may need a request for that team, as a new team's tokens do.
      if (OWN.includes(field))
        expect(
          answer.errors.filter(({ path }) => path?.length === 1),
          first,
        ).toEqual([]);
      else
        expect(codesOf(answer), `${field} ${first}`).toEqual([
          AGENTS.includes(field) ? 'FORBIDDEN' : 'NOT_FOUND',
        ]);
    }
  });

  it('gives another team’s agent nothing but its own work', async () => {
    for (const kind of ['query', 'mutation'] as const)
      for (const [field, { query, variables }] of fieldsOf(kind)) {
        const answer = await post(query, variables, strangersAgent);
        expectNothingForeign([answer.data, answer.errors], field);
        if (!AGENTS.includes(field) && !['viewer', 'rateLimit', 'modelFile', 'blockFile'].includes(field))
          expect(codesOf(answer), field).toEqual(['FORBIDDEN']);
      }
  });

  it('streams nothing of another team', async () => {
    for (const [field, { query, variables }] of fieldsOf('subscription'))
      for (const headers of [{}, stranger, strangersAgent]) {
        const response = await fetch(`${url}/graphql/stream`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
          body: JSON.stringify({ query, variables }),
        });
        const text = await response.text();
        expectNothingForeign(text, field);
        expect(text).toMatch(/"code":"(NOT_FOUND|UNAUTHENTICATED|FORBIDDEN)"/);
        expect(text).toContain('event: complete');
      }
  });

  it('answers for another team’s node what it answers for one that never was', async () => {
    for (const node of NODES) {
      const query = 'query N($id: ID!) { node(id: $id) { __typename id } }';
      const there = await post(query, { id: idOf(node) }, stranger);
      const never = await post(query, { id: toGlobalId(node[0], randomUUID()) }, stranger);
      expect(there.data, node[0]).toEqual({ node: null });
      expect([there.data, there.errors]).toEqual([never.data, never.errors]);
    }
  });
});
