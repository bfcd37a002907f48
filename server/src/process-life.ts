import type { Logger } from 'pino';

/** Runs `start`, then waits for SIGINT or SIGTERM and runs what it returned. A start that fails says why and exits 1. */
export function runProcess(log: Logger, start: () => Promise<() => Promise<void>>): void {
  let stopping = false;
  const stopWith = (stop: () => Promise<void>): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        log.info({ signal }, 'stopping');
        stop().then(
          () => process.exit(0),
          (err: unknown) => {
            log.error({ err }, 'did not stop cleanly');
            process.exit(1);
          },
        );
      });
  };
  start().then(stopWith, (err: unknown) => {
    log.fatal({ err }, err instanceof Error ? err.message : 'cannot start');
    process.exit(1);
  });
}
