import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** What `espalier login` keeps, readable by its owner alone. */
export interface Credentials {
  readonly url: string;
  readonly token: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const DEFAULT_URL = 'http://127.0.0.1:4000';

const pathOf = (env: Environment): string =>
  join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'espalier', 'credentials.json');

/**
 * The server's address and the token to use: `ESPALIER_URL` and `ESPALIER_TOKEN`, otherwise what was kept at login. A kept
 * token is sent only to the server that gave it. The token is null when there is none.
 */
export function credentials(env: Environment = process.env): { url: string; token: string | null } {
  const kept = read(env);
  const url = env['ESPALIER_URL'] ?? kept?.url ?? DEFAULT_URL;
  return { url, token: env['ESPALIER_TOKEN'] ?? (kept?.url === url ? kept.token : null) };
}

export function keepCredentials(made: Credentials, env: Environment = process.env): string {
  const path = pathOf(env);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
  return path;
}

export function forgetCredentials(env: Environment = process.env): void {
  rmSync(pathOf(env), { force: true });
}

function read(env: Environment): Credentials | null {
  const path = pathOf(env);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Credentials) : null;
}
