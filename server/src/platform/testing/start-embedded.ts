import { pino } from 'pino';
import { startEmbeddedDatabase } from '../database/embedded.js';

/** Starts an embedded database that lives as long as this process; returns the owner's address. */
export async function startEmbedded(dataDir: string): Promise<string> {
  const { url } = await startEmbeddedDatabase({
    dataDir,
    password: 'secret',
    log: pino({ level: 'silent' }),
  });
  return url;
}
