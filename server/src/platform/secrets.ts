import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';

/** Secrets of one installation, kept in `<data>/secrets.json`, readable by its owner alone. */
interface Secrets {
  /** Key that the passwords of database roles are derived from. */
  readonly secret: string;
  /** Password of the embedded server's superuser. */
  readonly databasePassword: string;
  readonly demoPassword: string;
}

/** Reads the installation's secrets, making them on first use. What the configuration gives wins. */
export function readSecrets(config: Pick<Config, 'dataDir' | 'secret' | 'demoPassword'>): Secrets {
  const path = join(config.dataDir, 'secrets.json');
  if (!existsSync(path)) {
    mkdirSync(config.dataDir, { recursive: true });
    const random = (): string => randomBytes(24).toString('base64url');
    const made: Secrets = {
      secret: random(),
      databasePassword: random(),
      demoPassword: random().slice(0, 14),
    };
    // Written beside and linked, so that a crash leaves no half file and of two processes at once the first one wins.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(made, null, 2), { mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Secrets;
  return {
    ...kept,
    secret: config.secret ?? kept.secret,
    demoPassword: config.demoPassword ?? kept.demoPassword,
  };
}

/** A password for `purpose` that only holders of the secret can compute. */
export const derivePassword = (secret: string, purpose: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url');
