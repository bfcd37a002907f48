import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedDatabase } from '../server/src/platform/database/embedded.js';

/** One PostgreSQL for the whole test run; each file makes its own database on it. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espalier-postgres-'));
  // PostgreSQL runs as its own user when we are root, and has to reach its folder.
  const { chmodSync } = await import('node:fs');
  chmodSync(dataDir, 0o755);
  const server = await startEmbeddedDatabase({
    dataDir,
    password: 'test',
    log: pino({ level: 'warn' }),
    durable: false,
  });
  process.env['ESPALIER_TEST_DATABASE_URL'] = server.superuserUrl;
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
