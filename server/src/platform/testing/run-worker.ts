import { pino } from 'pino';
import { bullmqQueue } from '../queue/bullmq-queue.js';

export interface WorkerArguments {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

/** Takes one search job, answers its run's id, and never ends it: for tests that kill a worker at work. */
export function takeJobForever({ databaseUrl, redisUrl }: WorkerArguments): Promise<string> {
  const queue = bullmqQueue({ databaseUrl, redisUrl, log: pino({ level: 'silent' }) });
  return new Promise((resolve) => {
    queue.work('search', 1, ({ runId }) => {
      resolve(runId);
      return new Promise(() => undefined);
    });
  });
}
