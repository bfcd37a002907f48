import { openInstallation } from './installation.js';
import { runProcess } from './process-life.js';

// The database process of a laptop: embedded PostgreSQL, migrated. Others get its address as DATABASE_URL. Given a
// server, it migrates that one and makes its roles.
runProcess('database', async (config, log) => {
  const installation = await openInstallation(config, log);
  log.info({ databaseUrl: installation.ownerUrl }, 'ready');
  // Without a server of its own nothing else would keep the process alive.
  const keepAlive = setInterval(() => undefined, 60_000);
  return async () => {
    clearInterval(keepAlive);
    await installation.stop();
  };
});
