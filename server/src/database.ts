import { readConfig } from './config.js';
import { openInstallation } from './installation.js';
import { createLogger } from './logger.js';
import { runProcess } from './process-life.js';

// The database process of a laptop: embedded PostgreSQL, migrated. Others get its address as DATABASE_URL.
const config = readConfig();
const log = createLogger('database', config.logLevel);

runProcess(log, async () => {
  const installation = await openInstallation(config, log);
  log.info({ databaseUrl: installation.ownerUrl }, 'ready');
  // Without a server of its own (DATABASE_URL given) nothing else would keep the process alive.
  const keepAlive = setInterval(() => undefined, 60_000);
  return async () => {
    clearInterval(keepAlive);
    await installation.stop();
  };
});
