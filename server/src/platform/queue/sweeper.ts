import { Pool } from 'pg';
import type { Logger } from 'pino';
import type { JobQueue } from './job-queue.js';

const EVERY_MS = 3_000;

/**
 * Enqueues every run that waits or was left running, so that a lost queue or a crash between commit and enqueue loses
 * nothing. A run whose job is there already is not added again. Connects as the queue's role, which sees ids only.
 */
export function sweepWaitingRuns(queueUrl: string, queue: JobQueue, log: Logger): { stop(): Promise<void> } {
  const pool = new Pool({ connectionString: queueUrl, max: 1, application_name: 'espalier sweeper' });
  pool.on('error', (err) => log.warn({ err }, 'sweeper: connection lost'));
  let running: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    try {
      const { rows } = await pool.query<{ id: string; team_id: string }>(
        `select id, team_id from search_runs where status in ('QUEUED', 'RUNNING') order by created_at limit 1000`,
      );
      const jobs = rows.map(({ id, team_id }) => ({ runId: id, teamId: team_id }));
      const added = await queue.enqueueMissing('search', jobs);
      if (added > 0) log.info({ added }, 'sweep: runs without a job are enqueued again');
    } catch (err) {
      log.warn({ err }, 'sweep failed; trying again');
    }
  };
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, EVERY_MS);
  running = sweep();
  return {
    async stop() {
      clearInterval(timer);
      await running;
      await pool.end();
    },
  };
}
