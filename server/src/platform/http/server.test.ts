import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EspalierError } from '../errors.js';
import { samplePrivateRows, type SampleRows } from '../testing/sample-rows.js';
import { testServer, type TestServer } from '../../testing/http.js';
import { bearer } from '../../testing/post.js';

const SECRET_FAULT = 'relation "hidden_table" lacks column secret_column';

describe('the HTTP face', () => {
  let server: TestServer;
  let rows: SampleRows;
  beforeAll(async () => {
    server = await testServer({
      resolvers: {
        Query: {
          hardwareTargets: () => {
            throw new Error(SECRET_FAULT);
          },
          pools: () => {
            throw new EspalierError('CONFLICT', 'Not now.', { field: 'input.name' });
          },
          devices: (_root, _args, ctx) => ctx.read((tx) => tx.query('select pg_sleep(20)')),
        },
      },
    });
    rows = await samplePrivateRows(server.bare);
  });
  afterAll(() => server.close());

  describe('errors', () => {
    it('that nobody foresaw are masked, and found in the log by the request’s id', async () => {
      const { errors, headers } = await server.post('{ hardwareTargets { id } }');
      expect(errors[0]).toMatchObject({ path: ['hardwareTargets'], extensions: { code: 'INTERNAL' } });
      expect(JSON.stringify(errors)).not.toContain('secret');
      expect(errors[0]?.extensions.requestId).toBe(headers.get('x-request-id'));
    });

    it('that are meant for the caller keep code, field and message', async () => {
      const { errors } = await server.post('{ pools(first: 1) { nodes { id } } }');
      expect(errors[0]).toMatchObject({
        message: 'Not now.',
        extensions: { code: 'CONFLICT', field: 'input.name' },
      });
      expect(errors[0]?.extensions).not.toHaveProperty('http');
    });

    it('say when a statement took too long', async () => {
      const { errors } = await server.post('{ devices(first: 1) { nodes { id } } }');
      expect(errors[0]?.extensions.code).toBe('TIMEOUT');
    });

    it('of syntax and validation are BAD_REQUEST', async () => {
      for (const query of ['{', '{ nothing }', 'query A { viewer { role } } query B { viewer { role } }', ''])
        expect((await server.post(query)).errors[0]?.extensions.code, query).toBe('BAD_REQUEST');
    });

    it('of an unknown address are GraphQL JSON too', async () => {
      const response = await fetch(`${server.url}/elsewhere`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    });
  });

  it('keeps a harmless request id of the caller and replaces any other', async () => {
    const id = 'caller-0123456789';
    expect(
      (await server.post('{ viewer { role } }', {}, { 'x-request-id': id })).headers.get('x-request-id'),
    ).toBe(id);
    const other = await server.post('{ viewer { role } }', {}, { 'x-request-id': '"><script>' });
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes no operation by GET and none that a foreign page could send without asking', async () => {
    const query = encodeURIComponent('mutation { signOut { signedOut } }');
    expect((await fetch(`${server.url}/graphql?query=${query}`)).status).toBe(404);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ query: '{ viewer { role } }' }),
      });
      expect(response.status, type).toBeGreaterThanOrEqual(400);
    }
  });

  it('lets a browser call from an allowed origin alone', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${server.url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,authorization',
        },
      });
    expect((await preflight('https://allowed.example')).headers.get('access-control-allow-origin')).toBe(
      'https://allowed.example',
    );
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('tells probes how it is, and metrics without a secret', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('espalier_http_seconds_bucket');
  });

  describe('credentials', () => {
    const viewer = '{ viewer { user { email } team { slug } role } }';
    const refused = async (headers: Record<string, string>) => {
      const { status, errors, data } = await server.post(viewer, {}, headers);
      expect(status).toBe(401);
      expect(data?.['viewer']).toBeFalsy();
      expect(errors[0]?.extensions.requestId).toMatch(/.{8}/);
      return errors[0];
    };

    it('of nobody are a visitor’s', async () => {
      const { data } = await server.post(viewer);
      expect(data?.['viewer']).toEqual({ user: null, team: null, role: null });
    });

    it('of a person act for the team that the request names, the first one otherwise', async () => {
      const session = await server.session(rows.userId);
      const mine = await server.post(viewer, {}, bearer(session));
      expect(mine.data?.['viewer']).toMatchObject({
        role: 'OWNER',
        user: { email: expect.stringMatching(/@sample/) },
      });
      const other = await samplePrivateRows(server.bare);
      const [{ slug } = { slug: '' }] = await server.bare.sql<{ slug: string }>(
        'select slug from teams where id = $1',
        [other.teamId],
      );
      const foreign = await server.post(viewer, {}, bearer(session, slug));
      const missing = await server.post(viewer, {}, bearer(session, 'no-such-team'));
      expect(foreign.status).toBe(404);
      expect(foreign.errors[0]?.message).toBe(missing.errors[0]?.message);
      expect(foreign.errors[0]?.extensions.code).toBe('NOT_FOUND');
    });

    it('that expired, were revoked, are unknown or malformed are refused in the same words', async () => {
      const token = await server.token(rows.teamId, { expires_at: new Date(Date.now() - 1_000) });
      const revoked = await server.token(rows.teamId, { revoked_at: new Date() });
      const session = await server.session(rows.userId, '-1 second');
      const unknown = await server.token(rows.teamId);
      await server.bare.sql(
        `delete from tokens where name = 'test' and expires_at is null and revoked_at is null`,
      );
      const answers = [];
      for (const secret of [token, revoked, session, unknown, 'esp_nonsense', 'x'.repeat(5_000)])
        answers.push((await refused(bearer(secret)))?.message);
      answers.push((await refused({ authorization: 'Basic dXNlcjpwYXNz' }))?.message);
      expect(new Set(answers).size).toBe(1);
    });

    it('are refused at the request after their revocation', async () => {
      const admin = await server.token(rows.teamId);
      const victim = await server.token(rows.teamId);
      expect((await server.post(viewer, {}, bearer(victim))).status).toBe(200);
      const { data } = await server.post(
        `{ viewer { team { tokens(first: 100) { nodes { id prefix lastUsedAt } } } } }`,
        {},
        bearer(admin),
      );
      const {
        viewer: { team },
      } = data as {
        viewer: { team: { tokens: { nodes: { id: string; prefix: string; lastUsedAt: string }[] } } };
      };
      const found = team.tokens.nodes.find(({ prefix }) => victim.startsWith(prefix));
      expect(found?.lastUsedAt).toBeTruthy();
      const revoke =
        'mutation R($input: RevokeTokenInput!) { revokeToken(input: $input) { token { revokedAt } } }';
      expect((await server.post(revoke, { input: { tokenId: found?.id } }, bearer(admin))).errors).toEqual(
        [],
      );
      await refused(bearer(victim));
    });

    it('of an agent open the agent’s fields and no other', async () => {
      const agent = await server.token(rows.teamId, {
        kind: 'AGENT',
        device_id: rows.deviceId,
        pool_id: rows.poolId,
        scopes: ['AGENT'],
      });
      expect((await server.post('{ viewer { team { slug } } }', {}, bearer(agent))).errors).toEqual([]);
      for (const query of [
        '{ searchSpaces(first: 1) { nodes { id } } }',
        'query { ...F } fragment F on Query { searchRuns(first: 1) { nodes { id } } }',
        '{ ... on Query { a: node(id: "x") { id } } }',
        `mutation { createPairingCode(input: { poolId: "x" }) { code } }`,
      ])
        expect((await server.post(query, {}, bearer(agent))).errors[0]?.extensions.code, query).toBe(
          'FORBIDDEN',
        );
    });
  });

  it('answers sign-in for a wrong e-mail and a wrong password alike, and slows down guessing', async () => {
    const mutation =
      'mutation S($input: SignInInput!) { signIn(input: $input) { sessionToken viewer { role } } }';
    const attempt = (email: string, address: string) =>
      server.post(mutation, { input: { email, password: 'wrong' } }, { 'x-forwarded-for': address });
    const [{ email } = { email: '' }] = await server.bare.sql<{ email: string }>(
      'select email from users where id = $1',
      [rows.userId],
    );
    await server.bare.sql('update users set password_hash = $2 where id = $1', [
      rows.userId,
      await (await import('../identity/passwords.js')).hashPassword('right one'),
    ]);
    const known = await attempt(email, '198.51.100.1');
    const unknown = await attempt(`${randomUUID()}@nowhere.example`, '198.51.100.2');
    expect(known.errors[0]?.message).toBe(unknown.errors[0]?.message);
    expect(known.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const right = await server.post(mutation, {
      input: { email: email.toUpperCase(), password: 'right one' },
    });
    expect(right.data?.['signIn']).toMatchObject({
      sessionToken: expect.stringMatching(/^esp_s/),
      viewer: { role: 'OWNER' },
    });
    const codes = [];
    for (let i = 0; i < 12; i++)
      codes.push((await attempt(email, `203.0.113.${i}`)).errors[0]?.extensions.code);
    expect(codes.at(-1)).toBe('RATE_LIMITED');
  });
});
