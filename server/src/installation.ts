import type { Logger } from 'pino';
import type { Config } from './config.js';
import { startEmbeddedDatabase } from './platform/database/embedded.js';
import { ensureLoginRoles, type LoginUrls } from './platform/database/login-roles.js';
import { migrate } from './platform/database/migrate.js';
import { readSecrets } from './platform/secrets.js';

export interface Installation {
  /** Connects as the owner. */
  readonly ownerUrl: string;
  readonly urls: LoginUrls;
  stop(): Promise<void>;
}

/** The database, given or embedded, migrated and with its login roles. */
export async function openInstallation(config: Config, log: Logger): Promise<Installation> {
  const secrets = readSecrets(config);
  const embedded = config.databaseUrl
    ? null
    : await startEmbeddedDatabase({ dataDir: config.dataDir, password: secrets.databasePassword, log });
  const ownerUrl = config.databaseUrl ?? embedded?.url ?? '';
  try {
    const ran = await migrate(ownerUrl);
    if (ran.length > 0) log.info({ migrations: ran }, 'migrated');
    const urls = await ensureLoginRoles(ownerUrl, secrets.secret, {
      app: config.appDatabaseUrl,
      queue: config.queueDatabaseUrl,
    });
    return { ownerUrl, urls, stop: async () => embedded?.stop() };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
