import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { handOver, type Account, type Place } from './account.js';

export const SUPERUSER = 'postgres';

/** Makes the cluster on first use. It appears under its name when it is complete: an interrupted start leaves none. */
export async function initialise(
  { folder, programs }: Place,
  account: Account,
  password: string,
): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const work = mkdtempSync(join(dirname(folder), '.initdb-'));
  try {
    handOver(account, work);
    const passwordFile = join(work, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    handOver(account, passwordFile);
    const draft = join(work, 'data');
    mkdirSync(draft, { mode: 0o700 });
    handOver(account, draft);
    await run(programs.initdb, account, [
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of texts on every system, without its locales.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]);
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Two first starts at once: the one that came first is as good.
      if (!existsSync(join(folder, 'PG_VERSION'))) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

export interface Launch {
  readonly place: Place;
  readonly account: Account;
  readonly port: number;
  readonly durable: boolean;
  readonly log: Logger;
}

/** A running server and the last of what it said. */
export interface Server {
  readonly process: ChildProcess;
  lastWords(): string;
}

/** Starts the server in a session of its own: Ctrl-C at the terminal must not end it before those that use it. */
export function launch({ place, account, port, durable, log }: Launch): Server {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const child = spawn(
    place.programs.postgres,
    [
      '-D',
      place.folder,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    { ...account, env: environment(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  child.on('error', (err) => log.error({ err }, 'postgres'));
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    words = (words + text).slice(-2_000);
    log.debug({ postgres: text.trim() });
  });
  return { process: child, lastWords: () => words };
}

/** Ends the server on `place`, letting transactions that run go; returns when its folder is free. */
export async function shutDown({ folder, programs }: Place, account: Account): Promise<void> {
  await run(programs.pgCtl, account, ['stop', '-D', folder, '-m', 'fast', '-w', '-t', '60', '-s']);
}

/** What the folder's postmaster.pid says of the server that runs, or ran, on it. */
export function lastServer(folder: string): { pid: number; port: number } | null {
  const path = join(folder, 'postmaster.pid');
  if (!existsSync(path)) return null;
  const [pid, , , port] = readFileSync(path, 'utf8').split('\n');
  return { pid: Number(pid), port: Number(port) };
}

async function run(program: string, account: Account, parameters: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, [...parameters], { ...account, env: environment(), cwd: '/' });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${program} failed: ${stderr.trim() || message}`, { cause: error });
  }
}

/** Without what would change a server or the language of its messages. */
function environment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
