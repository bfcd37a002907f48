import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyPrograms, type Programs } from './programs.js';

/** The operating-system account that runs PostgreSQL; empty for the one that runs us. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then the account `postgres` runs it, and is made when it is missing. */
export function databaseAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  return lookUp() ?? make();
}

export interface Place {
  /** The cluster's folder, owned by the account. */
  readonly folder: string;
  readonly programs: Programs;
}

/** Where another account keeps what it could not reach below a private folder such as /root. */
const SHARED = '/var/lib/espalier';

/**
 * Makes sure that the account can reach its data and its programs. A folder below one that only root may enter is kept
 * in /var/lib/espalier instead, with a link to it where it was asked for; programs are copied there.
 */
export function reachable(account: Account, folder: string, programs: Programs): Place {
  if (account.uid === undefined) return { folder, programs };
  const place = {
    folder: linkTarget(folder) ?? (othersMayEnter(dirname(folder)) ? folder : elsewhere(folder)),
    programs: othersMayEnter(dirname(programs.postgres))
      ? programs
      : copyPrograms(programs, join(shared(), `postgresql-${programs.version}`)),
  };
  return place;
}

/** Gives a file or folder to the account. */
export function handOver(account: Account, path: string): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}

function elsewhere(folder: string): string {
  const target = join(shared(), `postgres-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  symlinkSync(target, folder);
  return target;
}

function linkTarget(folder: string): string | null {
  try {
    return readlinkSync(folder);
  } catch {
    return null;
  }
}

function shared(): string {
  mkdirSync(SHARED, { recursive: true, mode: 0o755 });
  return SHARED;
}

/** True when every folder from the root down to `path` may be entered by everybody. */
function othersMayEnter(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function lookUp(): Account | null {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function make(): Account {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
      stdio: 'ignore',
    });
  } catch {
    // what matters is whether the account is there now
  }
  const account = lookUp();
  if (!account)
    throw new Error(
      'PostgreSQL does not run as root, and the account postgres could not be made. Run as another user, or give a server with DATABASE_URL.',
    );
  return account;
}
