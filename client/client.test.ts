import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { graphqlClient, NoAnswer, ServerRefusal, type Client, type Operation } from './index.js';

type Answer = { readonly status?: number; readonly body: string };

const question = { toString: () => 'query Q { n }' } as Operation<{ n: number }, { a: number }>;
const data = (n: number): Answer => ({ body: JSON.stringify({ data: { n } }) });
const refused = (code: string): Answer => ({
  status: 400,
  body: JSON.stringify({ errors: [{ message: 'No.', extensions: { code, requestId: 'r-1' } }] }),
});

let server: Server | null = null;
let requests: { readonly headers: IncomingMessage['headers']; readonly body: unknown }[] = [];

/** A server that gives these answers one after another, the last one from then on. */
async function serving(...answers: readonly Answer[]): Promise<string> {
  requests = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json' });
      response.end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
});

function clientFor(
  address: string,
  more: { patienceMs?: number; signal?: AbortSignal } = {},
): Client & {
  readonly troubles: string[];
} {
  const troubles: string[] = [];
  const client = graphqlClient({
    server: address,
    token: 'esp_secret',
    signal: new AbortController().signal,
    onTrouble: (message) => troubles.push(message),
    ...more,
  });
  return { ...client, troubles };
}

describe('a client', () => {
  it('sends operation, variables and token, and gives the data', async () => {
    const client = clientFor(await serving(data(7)));
    expect(await client.send(question, { a: 1 })).toEqual({ n: 7 });
    expect(requests[0]?.body).toEqual({ query: 'query Q { n }', variables: { a: 1 } });
    expect(requests[0]?.headers.authorization).toBe('Bearer esp_secret');
  });

  it('rejects at once with code and request id when the same would be refused again', async () => {
    const client = clientFor(await serving(refused('NOT_FOUND')));
    const failure = await client.send(question, { a: 1 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerRefusal);
    expect(failure).toMatchObject({ code: 'NOT_FOUND', message: 'No. (NOT_FOUND, request r-1)' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['a passing refusal', refused('UNAVAILABLE')],
    ['a proxy’s page', { status: 502, body: '<html>Bad gateway</html>' }],
  ])('tries again after %s', async (_what, trouble) => {
    const client = clientFor(await serving(trouble, data(3)));
    expect(await client.send(question, { a: 1 })).toEqual({ n: 3 });
    expect(client.troubles).toHaveLength(1);
  });

  it('waits for a server that comes back', async () => {
    const address = await serving(data(1));
    const { port } = new URL(address);
    await new Promise((resolve) => server?.close(resolve));
    const client = clientFor(address);
    const answer = client.send(question, { a: 1 });
    await expect.poll(() => client.troubles.length).toBeGreaterThan(0);
    server = createServer((_request, response) => response.end(data(9).body)).listen(
      Number(port),
      '127.0.0.1',
    );
    expect(await answer).toEqual({ n: 9 });
    expect(client.troubles[0]).toContain(`no answer from ${address}`);
  });

  it('gives up when its patience is at an end', async () => {
    const address = await serving(data(1));
    await new Promise((resolve) => server?.close(resolve));
    server = null;
    const client = clientFor(address, { patienceMs: 300 });
    await expect(client.send(question, { a: 1 })).rejects.toBeInstanceOf(NoAnswer);
  });

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController();
    const client = clientFor(await serving(refused('UNAVAILABLE')), { signal: stop.signal });
    const answer = client.send(question, { a: 1 });
    setTimeout(() => stop.abort(new Error('told to stop')), 50);
    await expect(answer).rejects.toThrow('told to stop');
  });
});
