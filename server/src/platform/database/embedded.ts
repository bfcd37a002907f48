import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import type { Logger } from 'pino';
import { derivePassword } from '../secrets.js';
import { databaseAccount, reachable } from './embedded/account.js';
import { initialise, launch, shutDown, SUPERUSER, type Launch, type Server } from './embedded/cluster.js';
import { administrator, endPredecessor, inUse, own } from './embedded/predecessor.js';
import { findPrograms } from './embedded/programs.js';

export interface EmbeddedDatabase {
  /** Connects as the owner of the database, who may create roles and is no superuser. */
  readonly url: string;
  /** Connects as the superuser; for tests. */
  readonly superuserUrl: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** The superuser's; the owner's follows from it. */
  readonly password: string;
  readonly log: Logger;
  /** False trades crash safety for speed; tests only. */
  readonly durable?: boolean;
}

const NAME = 'espalier';
/** Recovery after a crash replays what was written since the last checkpoint. */
const START_MS = 120_000;

/**
 * Starts PostgreSQL on the loopback interface with its data in `<dataDir>/postgres`, initialising it on first use. The
 * port is kept from start to start while it is free. A server that a killed process left behind is ended first; a
 * folder that another process uses is an error. A server that ends without being told to is started again.
 */
export async function startEmbeddedDatabase({
  dataDir,
  password,
  log,
  durable = true,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  mkdirSync(dataDir, { recursive: true });
  const account = databaseAccount();
  const place = reachable(account, join(dataDir, 'postgres'), findPrograms());
  await endPredecessor(place, account, password, log);
  await initialise(place, account, password);
  const port = await choosePort(join(dataDir, 'postgres.port'));
  const launching: Launch = { place, account, port, durable, log };

  let stopping = false;
  let ownership: Client;
  let server: Server;
  const start = async (): Promise<void> => {
    server = await answering(launching, password);
    ownership = await own(port, password);
    server.process.once('exit', (code, signal) => {
      if (stopping) return;
      log.error({ code, signal }, 'PostgreSQL ended unexpectedly; starting it again');
      void restart();
    });
  };
  const restart = async (): Promise<void> => {
    for (let pause = 500; !stopping; pause = Math.min(pause * 2, 30_000)) {
      await sleep(pause);
      try {
        return await start();
      } catch (err) {
        log.error({ err }, 'PostgreSQL does not start');
      }
    }
  };
  const killNow = (): void => void server.process.kill('SIGINT');
  await start();
  // When the process ends without `stop`, its server ends too.
  process.on('exit', killNow);

  const ownerPassword = derivePassword(password, 'owner of the embedded database');
  await ensureDatabase(port, password, ownerPassword);
  const urlOf = (user: string, secret: string): string =>
    `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${port}/${NAME}`;
  return {
    url: urlOf(NAME, ownerPassword),
    superuserUrl: urlOf(SUPERUSER, password),
    async stop() {
      if (stopping) return;
      stopping = true;
      process.removeListener('exit', killNow);
      await ownership.end().catch(() => undefined);
      await shutDown(place, account);
    },
  };
}

/** A started server once it answers; throws with its last words when it ends instead. */
async function answering(launching: Launch, password: string): Promise<Server> {
  for (const end = Date.now() + START_MS; ;) {
    const server = launch(launching);
    const { process: child } = server;
    while (child.exitCode === null && child.signalCode === null && Date.now() < end) {
      const client = administrator(launching.port, password);
      try {
        await client.connect();
        return server;
      } catch (error) {
        if ((error as { code?: string }).code === '28P01') {
          child.kill('SIGINT');
          throw new Error(
            `The password in secrets.json does not open the database in ${launching.place.folder}.`,
            { cause: error },
          );
        }
        await sleep(30);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    child.kill('SIGINT');
    // After a kill of the server alone its helpers live on for a moment and hold its memory.
    if (/lock file "postmaster.pid" already exists/.test(server.lastWords()))
      throw inUse(launching.place.folder);
    if (!/shared memory block/.test(server.lastWords()) || Date.now() > end)
      throw new Error(`PostgreSQL does not start on ${launching.place.folder}: ${server.lastWords().trim()}`);
    await sleep(300);
  }
}

/** The database and its owner. */
async function ensureDatabase(port: number, password: string, ownerPassword: string): Promise<void> {
  const client = administrator(port, password);
  await client.connect();
  try {
    const name = escapeIdentifier(NAME);
    const role = await client.query('select from pg_roles where rolname = $1', [NAME]);
    await client.query(
      `${role.rowCount ? 'alter' : 'create'} role ${name} login nosuperuser createrole password ${escapeLiteral(ownerPassword)}`,
    );
    const database = await client.query('select from pg_database where datname = $1', [NAME]);
    if (!database.rowCount) await client.query(`create database ${name} owner ${name}`);
  } finally {
    await client.end();
  }
}

/** The port of last time when it is free, otherwise a free one, remembered in `file`. */
async function choosePort(file: string): Promise<number> {
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port =
    (Number.isInteger(last) && last > 0 && last < 65536 ? await free(last) : null) ?? (await free(0));
  if (port === null) throw new Error('There is no free port on 127.0.0.1.');
  writeFileSync(file, String(port));
  return port;
}

const free = (port: number): Promise<number | null> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : null));
    });
  });
