import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { startEmbeddedDatabase } from '../database/embedded.js';
import { testServer } from '../../testing/http.js';
import { bearer } from '../../testing/post.js';
import { mintToken } from '../tokens.js';

it('says that the database does not answer, and goes on when it is back', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'espalier-unavailable-'));
  chmodSync(dataDir, 0o755);
  const start = () =>
    startEmbeddedDatabase({ dataDir, password: 'secret', log: pino({ level: 'silent' }), durable: false });
  let database = await start();
  const server = await testServer({ databaseServer: database.superuserUrl });
  try {
    const ask = () => server.post('{ viewer { team { slug } } }', {}, bearer(mintToken('API').secret));
    expect((await ask()).status).toBe(401);
    await database.stop();
    const gone = await ask();
    expect(gone.status).toBe(503);
    expect(gone.errors[0]?.extensions).toEqual({
      code: 'UNAVAILABLE',
      requestId: gone.headers.get('x-request-id'),
    });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    database = await start();
    expect((await ask()).status).toBe(401);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  } finally {
    await server.close().catch(() => undefined);
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
