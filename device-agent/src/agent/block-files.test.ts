import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphqlClient, type Client } from '@espalier/client';
import { parseSpaceDocument } from '@espalier/nas/format';
import type { SearchSpace } from '@espalier/nas/space';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { blockFiles } from './block-files.js';

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A space with these models, one a layer. */
const spaceOf = (...sha256s: string[]): SearchSpace =>
  parseSpaceDocument({
    format: 'espalier.space/1',
    name: 'uploaded',
    input: { channels: 3, resolution: 16 },
    classes: 4,
    operators: Object.fromEntries(sha256s.map((sha256, i) => [`block${i}`, { op: 'uploaded', sha256 }])),
    stages: [{ name: 'one', channels: 16, layers: sha256s.map((_, i) => ({ choices: [`block${i}`] })) }],
  }).space;

/** Answers as the API does, and counts. */
let server: Server;
let client: Client;
let files: Map<string, Buffer>;
let asked: string[];
const closing = new AbortController();

beforeEach(async () => {
  files = new Map();
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString();
    });
    request.on('end', () => {
      const { sha256 } = (JSON.parse(body) as { variables: { sha256: string } }).variables;
      asked.push(sha256);
      const content = files.get(sha256)?.toString('base64');
      const error = { message: 'Model not found.', extensions: { code: 'NOT_FOUND' } };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(content === undefined ? { errors: [error] } : { data: { blockFile: { content } } }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = graphqlClient({
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'esp_agent',
    signal: closing.signal,
    onTrouble: () => undefined,
  });
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

it('fetches each file once, and keeps those of the last space', async () => {
  const [a, b] = [Buffer.from('first'), Buffer.from('second')];
  const [hashA, hashB] = [sha256Of(a), sha256Of(b)];
  files = new Map([
    [hashA, a],
    [hashB, b],
  ]);
  const blocks = blockFiles(client);
  expect(spaceOf(hashA, hashB).uploads).toBeUndefined();
  const { uploads } = await blocks(spaceOf(hashA, hashB));
  expect([...(uploads ?? [])]).toEqual([...files].map(([hash, file]) => [hash, new Uint8Array(file)]));
  const again = await blocks(spaceOf(hashB, hashA));
  expect(again.uploads?.get(hashA)).toBe(uploads?.get(hashA));
  expect(asked).toEqual([hashA, hashB]);
  await blocks(spaceOf(hashB));
  await blocks(spaceOf(hashA));
  expect(asked).toEqual([hashA, hashB, hashA]);
});

it('takes no other bytes than those that the space names', async () => {
  const named = sha256Of(Buffer.from('named'));
  files.set(named, Buffer.from('another'));
  await expect(blockFiles(client)(spaceOf(named))).rejects.toThrow(/not the one/);
  files.clear();
  await expect(blockFiles(client)(spaceOf(named))).rejects.toThrow(/not found/i);
});
