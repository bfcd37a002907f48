import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../graphql/limits.js';
import { testServer, type TestServer } from '../../testing/http.js';

describe('limits of /graphql', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());

  const code = async (query: string, variables = {}): Promise<string | undefined> => {
    const { errors } = await server.post(query, variables);
    expect(errors.every(({ extensions }) => extensions.requestId.length > 0)).toBe(true);
    return errors[0]?.extensions.code;
  };

  it('refuses a body of 50 MB before reading it whole, as GraphQL JSON', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ viewer { role } } #${'x'.repeat(50_000_000)}` }),
    });
    expect(response.status).toBe(413);
    const { errors } = (await response.json()) as { errors: { extensions: Record<string, unknown> }[] };
    expect(errors[0]?.extensions).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(errors[0]?.extensions['requestId']).toBe(response.headers.get('x-request-id'));
  });

  it('refuses 40 levels, also when fragments hide them', async () => {
    const deep = (levels: number): string =>
      levels === 0
        ? 'id'
        : `memberships { team { members(first: 1) { nodes { user { ${deep(levels - 5)} } } } } }`;
    expect(await code(`{ viewer { user { ${deep(40)} } } }`)).toBe('QUERY_TOO_DEEP');
    const chain = Array.from(
      { length: 20 },
      (_, i) => `fragment F${i} on User { memberships { user { ${i < 19 ? `...F${i + 1}` : 'id'} } } }`,
    );
    expect(await code(`{ viewer { user { ...F0 } } } ${chain.join(' ')}`)).toBe('QUERY_TOO_DEEP');
  });

  it('refuses 200 aliases', async () => {
    const aliases = Array.from({ length: 200 }, (_, i) => `a${i}: role`).join(' ');
    expect(await code(`{ viewer { ${aliases} } }`)).toBe('QUERY_TOO_COMPLEX');
  });

  it('refuses many root fields, directives and tokens', async () => {
    const repeat = (n: number, text: string): string => Array.from({ length: n }, () => text).join(' ');
    expect(await code(`{ ${repeat(LIMITS.rootFields + 1, 'viewer { role }')} }`)).toBe('QUERY_TOO_COMPLEX');
    const directive = '... on Viewer @include(if: true) { role }';
    expect(await code(`{ viewer { ${repeat(LIMITS.directives + 1, directive)} } }`)).toBe(
      'QUERY_TOO_COMPLEX',
    );
    expect(await code(`{ viewer { ${repeat(LIMITS.tokens, 'role')} } }`)).toBe('QUERY_TOO_COMPLEX');
  });

  it('refuses fragments that double at every step in little time', async () => {
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `fragment B${i} on Viewer { ${i < 29 ? `...B${i + 1} ...B${i + 1}` : 'role'} }`,
    );
    const began = performance.now();
    expect(await code(`{ viewer { ...B0 } } ${bomb.join(' ')}`)).toBe('QUERY_TOO_COMPLEX');
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('multiplies page sizes into the cost, and refuses what costs too much', async () => {
    const cheap = await server.post('{ viewer { teams { slug } } }');
    expect(cheap.extensions['cost']).toMatchObject({ requested: 3 });
    const paged = await server.post('query Q($n: Int) { searchSpaces(first: $n) { nodes { id } } }', {
      n: 50,
    });
    expect(paged.extensions['cost']).toMatchObject({ requested: 1 + 1 + 50 });
    const spaces =
      'searchSpaces(first: 100) { nodes { versions(first: 100) { nodes { stages { name } } } } }';
    expect(await code(`{ ${spaces} }`)).toBe('QUERY_TOO_COMPLEX');
    expect(await code(`{ nodes(ids: [${'"x" '.repeat(50)}]) { id } }`)).toBeUndefined();
  });

  it('answers the introspection query of common tools', async () => {
    const { errors, data } = await server.post(getIntrospectionQuery());
    expect(errors).toEqual([]);
    expect(data).toHaveProperty('__schema');
  });

  it('refuses a JSON value that nests too deep, and a malformed UUID, naming the input', async () => {
    const mutation = `mutation M($document: JSON!, $key: UUID!) {
      createSearchSpace(input: { idempotencyKey: $key, name: "a", document: $document }) { space { id } } }`;
    const key = '6b6e0a3c-3f5e-4b62-9d7b-0a3d0f8f1c11';
    let document: unknown = 1;
    for (let i = 0; i < 100; i++) document = { a: document };
    expect(await code(mutation, { document, key })).toBe('BAD_INPUT');
    expect(await code(mutation, { document: {}, key: 'not-a-uuid' })).toBe('BAD_INPUT');
  });
});

describe('a spent budget', () => {
  it('is refused with the time to wait, and is each caller’s own', async () => {
    const server = await testServer({ points: { limit: 10, restoreRate: 1 } });
    try {
      const ask = () =>
        server.post('{ viewer { teams { slug } } rateLimit { limit remaining restoreRate } }');
      const first = await ask();
      expect(first.data?.['rateLimit']).toEqual({ limit: 10, remaining: 6, restoreRate: 1 });
      expect(first.extensions['cost']).toEqual({ requested: 4, remaining: 6 });
      await ask();
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(refused.errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 2 });
    } finally {
      await server.close();
    }
  });
});
