import { createApp } from './app.js';
import { openInstallation } from './installation.js';
import { runProcess } from './process-life.js';

// The API process.
runProcess('api', async (config, log) => {
  const installation = await openInstallation(config, log);
  const app = await createApp(config, installation.urls, log);
  const http = await app.http();
  try {
    await http.listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' });
  } catch (error) {
    await app.close();
    await installation.stop();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new Error(`Port ${config.port} is taken. Choose another with PORT.`, { cause: error });
    throw error;
  }
  const address = http.server.address();
  const port = address && typeof address === 'object' ? address.port : config.port;
  log.info({ url: `http://${config.host}:${port}/graphql` }, 'ready');
  return async () => {
    await http.close();
    await app.close();
    await installation.stop();
  };
});
