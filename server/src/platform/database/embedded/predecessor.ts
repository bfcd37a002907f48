import { execFileSync } from 'node:child_process';
import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import type { Account, Place } from './account.js';
import { lastServer, shutDown, SUPERUSER } from './cluster.js';

/** Advisory lock that the process behind an embedded server holds as long as it lives. */
const OWNERSHIP = 0x65737061;

/** How long a server may take to start up or shut down while we look, milliseconds. */
const PATIENCE_MS = 10_000;
/** How long a process that holds the folder may take to let go: one that is just ending does. */
const ENDING_MS = 2_000;

/**
 * Makes the folder free. A server whose process was killed is ended; one whose process lives is an error; the trace of
 * a server that is no more, whose number another process may have by now, is removed.
 */
export async function endPredecessor(
  place: Place,
  account: Account,
  password: string,
  log: Logger,
): Promise<void> {
  const { folder } = place;
  for (const began = Date.now(); ; await sleep(100)) {
    const last = lastServer(folder);
    if (!last) return;
    if (!runsPostgres(last.pid)) {
      rmSync(join(folder, 'postmaster.pid'), { force: true });
      return;
    }
    const owner = await ownerOf(folder, last.port, password);
    if (owner === 'nobody') {
      log.warn({ pid: last.pid }, 'ending the database server that an earlier start left behind');
      await shutDown(place, account);
      return;
    }
    if (owner === 'another password')
      throw new Error(`A database server runs on ${folder} whose password is not the one in secrets.json.`);
    if (Date.now() - began > (owner === 'a live process' ? ENDING_MS : PATIENCE_MS)) throw inUse(folder);
  }
}

export const inUse = (folder: string): Error =>
  new Error(
    `The data folder ${folder} is in use by another Espalier. Stop it, or choose another folder with ESPALIER_DATA.`,
  );

/** Takes the ownership of a server for as long as the returned connection lives. */
export async function own(port: number, password: string): Promise<Client> {
  const client = administrator(port, password);
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [OWNERSHIP]);
  return client;
}

type Owner = 'nobody' | 'a live process' | 'no answer' | 'another password';

async function ownerOf(folder: string, port: number, password: string): Promise<Owner> {
  const client = administrator(port, password);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; free: boolean }>(
      `select current_setting('data_directory') as folder, pg_try_advisory_lock($1) as free`,
      [OWNERSHIP],
    );
    const [row] = rows;
    if (!row || realpathSync(row.folder) !== realpathSync(folder)) return 'no answer';
    return row.free ? 'nobody' : 'a live process';
  } catch (error) {
    return (error as { code?: string }).code === '28P01' ? 'another password' : 'no answer';
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function administrator(port: number, password: string): Client {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
    application_name: `espalier ${process.pid}`,
    connectionTimeoutMillis: 5_000,
  });
  // A lost connection shows where it is used next; unheard it would end the process.
  client.on('error', () => undefined);
  return client;
}

/** True when the process may be a PostgreSQL server: numbers are used again, above all in containers. */
function runsPostgres(pid: number): boolean {
  if (process.platform === 'win32') return true;
  try {
    return /postgres/.test(
      execFileSync('ps', ['-p', String(pid), '-o', 'comm='], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } catch (error) {
    // `ps` ends with 1 when there is no such process; when `ps` itself is missing, the server's answer decides.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
