import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../../graphql/node-ids.js';
import { samplePrivateRows, type SampleRows } from '../../platform/testing/sample-rows.js';
import { testServer, type TestServer } from '../../testing/http.js';
import { bearer, type Answer } from '../../testing/post.js';

const CREATE_TEAM =
  'mutation C($input: CreateTeamInput!) { createTeam(input: $input) { team { id slug name } } }';
const CREATE_TOKEN =
  'mutation C($input: CreateTokenInput!) { createToken(input: $input) { secret token { id prefix scopes expiresAt } } }';

describe('teams', () => {
  let server: TestServer;
  let person: SampleRows;
  let session: string;
  let teamSlug: string;

  beforeAll(async () => {
    server = await testServer();
    person = await samplePrivateRows(server.bare);
    session = await server.session(person.userId);
    const [team] = await server.bare.sql<{ slug: string }>('select slug from teams where id = $1', [
      person.teamId,
    ]);
    teamSlug = team?.slug ?? '';
  });
  afterAll(() => server.close());

  const as = (query: string, input: unknown, secret = session, team?: string): Promise<Answer> =>
    server.post(query, { input }, bearer(secret, team));
  const part = <T>(answer: Answer, ...path: string[]): T =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], answer.data) as T;
  const code = (answer: Answer): string | undefined => answer.errors[0]?.extensions.code;

  describe('createTeam', () => {
    it('makes its maker the owner, once for a key', async () => {
      const input = { idempotencyKey: randomUUID(), slug: `made-${randomUUID().slice(0, 8)}`, name: 'Made' };
      const first = await as(CREATE_TEAM, input);
      const again = await as(CREATE_TEAM, input);
      expect(first.errors).toEqual([]);
      expect(part(again, 'createTeam', 'team')).toEqual(part(first, 'createTeam', 'team'));
      const viewer = await server.post('{ viewer { role team { slug } } }', {}, bearer(session, input.slug));
      expect(part(viewer, 'viewer')).toEqual({ role: 'OWNER', team: { slug: input.slug } });
      expect(code(await as(CREATE_TEAM, { ...input, name: 'Other' }))).toBe('IDEMPOTENCY_MISMATCH');
    });

    it('refuses a short name that another team has, also one that the caller cannot see', async () => {
      const other = await samplePrivateRows(server.bare);
      const [{ slug } = { slug: '' }] = await server.bare.sql<{ slug: string }>(
        'select slug from teams where id = $1',
        [other.teamId],
      );
      const answer = await as(CREATE_TEAM, { idempotencyKey: randomUUID(), slug, name: 'Mine' });
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.slug' });
    });

    it('refuses names that are malformed, and tokens, which are no persons', async () => {
      for (const slug of ['', 'Upper', '-dash', 'a'.repeat(64), 'a b', 'a/b'])
        expect(code(await as(CREATE_TEAM, { idempotencyKey: randomUUID(), slug, name: 'x' })), slug).toBe(
          'BAD_INPUT',
        );
      const token = await server.token(person.teamId);
      const input = { idempotencyKey: randomUUID(), slug: 'by-token', name: 'x' };
      expect(code(await as(CREATE_TEAM, input, token))).toBe('UNAUTHENTICATED');
    });

    it('leads to no team that is there, whatever key is chosen', async () => {
      const victim = await samplePrivateRows(server.bare);
      // What an id that were the combination of person and key bit by bit would have given away.
      const bytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
      const mixed = bytes(person.userId).map((byte, i) => byte ^ (bytes(victim.teamId)[i] ?? 0));
      mixed[6] = ((mixed[6] ?? 0) & 0x0f) | 0x40;
      mixed[8] = ((mixed[8] ?? 0) & 0x3f) | 0x80;
      const key = Buffer.from(mixed)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      await as(CREATE_TEAM, { idempotencyKey: key, slug: `chosen-${randomUUID().slice(0, 8)}`, name: 'x' });
      const members = await server.bare.sql('select from memberships where team_id = $1', [victim.teamId]);
      expect(members).toHaveLength(1);
    });
  });

  describe('tokens', () => {
    const input = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
      idempotencyKey: randomUUID(),
      name: 'ci',
      scopes: ['SPACES_READ'],
      ...more,
    });

    it('give their secret once, are stored hashed, and expire when asked to', async () => {
      const given = input({ expiresInDays: 7 });
      const first = await as(CREATE_TOKEN, given);
      const secret = part<string>(first, 'createToken', 'secret');
      expect(secret).toMatch(/^esp_a/);
      const again = await as(CREATE_TOKEN, given);
      expect(part(again, 'createToken')).toEqual({
        secret: null,
        token: part(first, 'createToken', 'token'),
      });
      const days = (Date.parse(part(first, 'createToken', 'token', 'expiresAt')) - Date.now()) / 86_400_000;
      expect(days).toBeCloseTo(7, 1);
      const kept = await server.bare.sql('select * from tokens');
      const audited = await server.bare.sql('select * from audit_events');
      const keys = await server.bare.sql('select * from idempotency_keys');
      expect(JSON.stringify([kept, audited, keys])).not.toContain(secret);
    });

    it('are never wider than their maker', async () => {
      expect(code(await as(CREATE_TOKEN, input({ scopes: ['AGENT'] })))).toBe('BAD_INPUT');
      const narrow = await server.token(person.teamId, { scopes: ['TEAM_ADMIN'] });
      expect(code(await as(CREATE_TOKEN, input({ scopes: ['SPACES_WRITE'] }), narrow))).toBe('BAD_INPUT');
      const reader = await server.token(person.teamId, { scopes: ['SPACES_READ'] });
      expect(code(await as(CREATE_TOKEN, input(), reader))).toBe('FORBIDDEN');
      const viewer = await server.token(person.teamId, { role: 'VIEWER', scopes: ['TEAM_ADMIN'] });
      expect(code(await as(CREATE_TOKEN, input(), viewer))).toBe('FORBIDDEN');
    });

    it('refuse nonsense, naming the input', async () => {
      const wrong: [Record<string, unknown>, string][] = [
        [{ name: '' }, 'input.name'],
        [{ name: 'x'.repeat(101) }, 'input.name'],
        [{ scopes: [] }, 'input.scopes'],
        [{ expiresInDays: 0 }, 'input.expiresInDays'],
        [{ expiresInDays: 366 }, 'input.expiresInDays'],
      ];
      for (const [more, field] of wrong)
        expect((await as(CREATE_TOKEN, input(more))).errors[0]?.extensions).toMatchObject({
          code: 'BAD_INPUT',
          field,
        });
    });

    it('of another team are not there', async () => {
      const other = await samplePrivateRows(server.bare);
      const revoke = 'mutation R($input: RevokeTokenInput!) { revokeToken(input: $input) { token { id } } }';
      expect(code(await as(revoke, { tokenId: toGlobalId('Token', other.tokenId) }))).toBe('NOT_FOUND');
      const [row] = await server.bare.sql<{ revoked_at: unknown }>(
        'select revoked_at from tokens where id = $1',
        [other.tokenId],
      );
      expect(row?.revoked_at).toBeNull();
    });
  });

  it('list their members page by page in order of joining, to members alone', async () => {
    for (let i = 0; i < 4; i++) {
      const other = await samplePrivateRows(server.bare);
      await server.bare.sql(
        `insert into memberships (team_id, user_id, role, created_at) values ($1, $2, 'MEMBER', now() + $3 * interval '1 microsecond')`,
        [person.teamId, other.userId, i + 1],
      );
    }
    const query = `query M($first: Int, $after: String, $last: Int, $before: String, $slug: String!) { team(slug: $slug) {
      members(first: $first, after: $after, last: $last, before: $before) {
        nodes { user { email } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    interface Page {
      nodes: { user: { email: string } }[];
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
    }
    const page = async (args: Record<string, unknown>): Promise<Page> =>
      part(await server.post(query, { slug: teamSlug, ...args }, bearer(session)), 'team', 'members');
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await page({ first: 2, after });
      forward.push(...nodes.map(({ user }) => user.email));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(new Set(forward).size).toBe(5);
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const { nodes, pageInfo } = await page({ last: 2, before });
      backward.unshift(...nodes.map(({ user }) => user.email));
      [before, more] = [pageInfo.startCursor, pageInfo.hasPreviousPage];
    }
    expect(backward).toEqual(forward);
    const stranger = await server.session((await samplePrivateRows(server.bare)).userId);
    const refused = await server.post(query, { slug: teamSlug, first: 2 }, bearer(stranger));
    expect(refused.data).toEqual({ team: null });
  });

  it('end a session at once, and that one alone', async () => {
    const [one, two] = [await server.session(person.userId), await server.session(person.userId)];
    await server.post('mutation { signOut { signedOut } }', {}, bearer(one));
    expect((await server.post('{ viewer { role } }', {}, bearer(one))).status).toBe(401);
    expect((await server.post('{ viewer { role } }', {}, bearer(two))).status).toBe(200);
  });
});
