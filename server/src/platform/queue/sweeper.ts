import { Pool } from 'pg';
import type { Logger } from 'pino';
import type { JobName, JobQueue } from './job-queue.js';

const EVERY_MS = 3_000;

/** What waits for a job of each kind, longest first. The queue's role sees nothing else of these tables. */
const WAITING: Readonly<Record<JobName, string>> = {
  search: `select id, team_id from search_runs where status in ('QUEUED', 'RUNNING') order by created_at limit 1000`,
  tableImport: `select id, team_id from table_imports where status in ('QUEUED', 'RUNNING') order by created_at limit 1000`,
  profileConclusion: `select id, team_id from profile_runs where status = 'RUNNING' and concluding_at is not null order by concluding_at limit 1000`,
  comparison: `select id, team_id from comparisons where status = 'QUEUED' order by created_at limit 1000`,
  uploadExpiry: `select id, team_id from uploads where status = 'RECEIVING' and expires_at < now() order by expires_at limit 1000`,
};

/**
 * Enqueues every run that waits or was left running, so that a lost queue or a crash between commit and enqueue loses
 * nothing, and what has expired. A run whose job is there already is not added again. Connects as the queue's role, which
 * sees ids only.
 */
export function sweepWaitingRuns(queueUrl: string, queue: JobQueue, log: Logger): { stop(): Promise<void> } {
  const pool = new Pool({ connectionString: queueUrl, max: 1, application_name: 'espalier sweeper' });
  pool.on('error', (err) => log.warn({ err }, 'sweeper: connection lost'));
  let running: Promise<void> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    try {
      for (const [name, waiting] of Object.entries(WAITING) as [JobName, string][]) {
        const { rows } = await pool.query<{ id: string; team_id: string }>(waiting);
        const jobs = rows.map(({ id, team_id }) => ({ runId: id, teamId: team_id }));
        const added = await queue.enqueueMissing(name, jobs);
        if (added > 0) log.info({ name, added }, 'sweep: what has no job is enqueued');
      }
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
