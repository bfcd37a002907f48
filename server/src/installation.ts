import type { Logger } from 'pino';
import type { Config } from './config.js';
import { startEmbeddedDatabase } from './platform/database/embedded.js';
import { ensureLoginRoles, type LoginUrls } from './platform/database/login-roles.js';
import { migrate } from './platform/database/migrate.js';
import { readSecrets } from './platform/secrets.js';

export interface Installation {
  /** Connects as the owner; empty when this process was not given one. */
  readonly ownerUrl: string;
  readonly urls: LoginUrls;
  stop(): Promise<void>;
}

/**
 * The database. Given an owner, or embedded: migrated, and with its login roles. Given the two logins alone, as in a
 * fleet whose processes should not hold the owner's password: as it is, migrated by whoever runs the database process.
 */
export async function openInstallation(config: Config, log: Logger): Promise<Installation> {
  const { databaseUrl, appDatabaseUrl, queueDatabaseUrl } = config;
  if (!databaseUrl && (appDatabaseUrl || queueDatabaseUrl)) {
    if (!appDatabaseUrl || !queueDatabaseUrl)
      throw new Error('Without DATABASE_URL both APP_DATABASE_URL and QUEUE_DATABASE_URL are needed.');
    const urls = { app: appDatabaseUrl, queue: queueDatabaseUrl };
    return { ownerUrl: '', urls, stop: async () => undefined };
  }
  const secrets = readSecrets(config);
  const embedded = databaseUrl
    ? null
    : await startEmbeddedDatabase({ dataDir: config.dataDir, password: secrets.databasePassword, log });
  const ownerUrl = databaseUrl ?? embedded?.url ?? '';
  try {
    const ran = await migrate(ownerUrl);
    if (ran.length > 0) log.info({ migrations: ran }, 'migrated');
    const urls = await ensureLoginRoles(ownerUrl, secrets.secret, {
      app: appDatabaseUrl,
      queue: queueDatabaseUrl,
    });
    return { ownerUrl, urls, stop: async () => embedded?.stop() };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
