import { createApp } from './app.js';
import { openInstallation } from './installation.js';
import { sweepWaitingRuns } from './platform/queue/sweeper.js';
import { runProcess } from './process-life.js';

// The worker process: runs searches until stopped.
runProcess('worker', async (config, log) => {
  if (!config.databaseUrl && !config.appDatabaseUrl)
    throw new Error('A worker needs DATABASE_URL: the database of the API it works for.');
  const installation = await openInstallation(config, log);
  const app = await createApp(config, installation.urls, log);
  app.work();
  const sweeper = sweepWaitingRuns(installation.urls.queue, app.platform.queue, log);
  log.info('ready');
  return async () => {
    await sweeper.stop();
    await app.close();
    await installation.stop();
  };
});
