import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toGlobalId } from '../graphql/node-ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { samplePrivateRows, type SampleRows } from '../platform/testing/sample-rows.js';
import { mintToken } from '../platform/tokens.js';
import { bearer } from './post.js';

const QUERY = 'subscription P($id: ID!) { searchProgress(id: $id) { status done total } }';

interface Event {
  readonly event: string;
  readonly data: {
    data?: { searchProgress?: unknown } | null;
    errors?: { extensions: { code: string } }[];
  } | null;
}

describe('progress as server-sent events', () => {
  let db: TestDatabase;
  let http: FastifyInstance;
  let url: string;
  let rows: SampleRows;
  let secret: string;

  beforeAll(async () => {
    db = await testDatabase();
    http = await db.app.http();
    url = await http.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await http.close();
    await db.close();
  });

  const prepare = async (): Promise<void> => {
    rows = await samplePrivateRows(db);
    const token = mintToken('API');
    secret = token.secret;
    await db.sql(
      `insert into tokens (team_id, kind, name, prefix, secret_hash, scopes, role)
       values ($1, 'API', 'reader', $2, $3, '{SEARCHES_READ}', 'VIEWER')`,
      [rows.teamId, token.prefix, token.hash],
    );
  };

  const open = async (signal: AbortSignal | null = null): Promise<AsyncGenerator<Event, void>> => {
    const response = await fetch(`${url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(secret) },
      body: JSON.stringify({ query: QUERY, variables: { id: toGlobalId('SearchRun', rows.searchRunId) } }),
      signal,
    });
    expect(response.status).toBe(200);
    return eventsOf(response);
  };

  /** What a worker does after a slice. */
  const advance = async (evaluations: number, status = 'RUNNING'): Promise<void> => {
    await db.sql(`update search_runs set evaluations = $2, status = $3::run_status where id = $1`, [
      rows.searchRunId,
      evaluations,
      status,
    ]);
    await db.platform.events.publish({
      runId: rows.searchRunId,
      status: status as 'RUNNING',
      done: evaluations,
      total: 10,
    });
  };

  const next = async (events: AsyncGenerator<Event, void>): Promise<unknown> => {
    const { value } = await events.next();
    return value?.data?.data?.searchProgress ?? value?.data?.errors?.[0]?.extensions.code ?? value?.event;
  };

  it('begins with how the run stands, tells each change, and ends with its end', async () => {
    await prepare();
    const events = await open();
    expect(await next(events)).toEqual({ status: 'QUEUED', done: 0, total: 10 });
    await advance(3);
    expect(await next(events)).toEqual({ status: 'RUNNING', done: 3, total: 10 });
    await advance(10, 'SUCCEEDED');
    expect(await next(events)).toEqual({ status: 'SUCCEEDED', done: 10, total: 10 });
    expect(await next(events)).toBe('complete');
    expect((await events.next()).done).toBe(true);
  });

  it('ends at the next event when its token was revoked', async () => {
    await prepare();
    const events = await open();
    await next(events);
    await db.sql(`update tokens set revoked_at = now() where name = 'reader' and team_id = $1`, [
      rows.teamId,
    ]);
    await advance(5);
    expect(await next(events)).toBe('UNAUTHENTICATED');
    expect(await next(events)).toBe('complete');
  });

  it('lets go of what a client that leaves was waiting for', async () => {
    await prepare();
    const leaving = new AbortController();
    const events = await open(leaving.signal);
    await next(events);
    const subscribed = (): number => db.platform.events.subscribers();
    expect(subscribed()).toBe(1);
    leaving.abort();
    await events.next().catch(() => undefined);
    await expect.poll(subscribed, { timeout: 5_000 }).toBe(0);
  });

  it('does not keep a server from closing', async () => {
    await prepare();
    const other = await db.app.http();
    const before = url;
    url = await other.listen({ host: '127.0.0.1', port: 0 });
    const events = await open();
    await next(events);
    const began = performance.now();
    await other.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await next(events)).toBe('complete');
    url = before;
  });
});

async function* eventsOf(response: Response): AsyncGenerator<Event, void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const part = (name: string): string | undefined =>
        lines
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const event = part('event');
      if (event) yield { event, data: JSON.parse(part('data') || 'null') as Event['data'] };
    }
  }
}
