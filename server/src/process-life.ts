import type { Logger } from 'pino';
import { readConfig, type Config } from './config.js';
import { createLogger } from './logger.js';

/** Ends what a process has started, in order. */
export type Stop = () => Promise<void>;

/**
 * The life of a process: reads the configuration, runs `start`, waits for SIGINT or SIGTERM, and runs what `start`
 * returned. A start that fails says why in one log line and exits with 1; a signal while it starts ends it after.
 */
export function runProcess(name: string, start: (config: Config, log: Logger) => Promise<Stop>): void {
  let log = createLogger(name, 'info');
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolve);
  });
  const live = async (): Promise<void> => {
    const config = readConfig();
    log = createLogger(name, config.logLevel);
    const stop = await start(config, log);
    const signal = await asked;
    log.info({ signal }, 'stopping');
    await stop();
  };
  live().then(
    () => process.exit(0),
    (error: unknown) => {
      log.fatal({ err: error }, error instanceof Error ? error.message : 'cannot start');
      process.exit(1);
    },
  );
}
