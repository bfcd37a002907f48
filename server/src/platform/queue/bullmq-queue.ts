import { Queue, Worker, createPostgresBackend, type Job, type JobsOptions } from 'bullmq';
import type { Logger } from 'pino';
import { QUEUE_SCHEMA } from './migrate-queue.js';
import type { JobName, JobQueue, Jobs } from './job-queue.js';

export interface QueueOptions {
  /** Login of the role that owns the schema `queue`; used when there is no Redis. */
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly log: Logger;
}

/** A killed worker's job is taken over after about this long, milliseconds. */
const LOCK_MS = 6_000;

/**
 * BullMQ on PostgreSQL, or on Redis when it is given. A job's id is its run's: while it waits or runs a second one is
 * not added, and it is removed when it ends, so that the same run can be enqueued again.
 */
export function bullmqQueue({ databaseUrl, redisUrl, log }: QueueOptions): JobQueue {
  const queues = new Map<JobName, Promise<Queue>>();
  const workers: Worker[] = [];
  const closing = new AbortController();

  const queueOf = (name: JobName): Promise<Queue> => {
    let queue = queues.get(name);
    if (!queue) {
      queue = open(name);
      queues.set(name, queue);
      queue.catch(() => queues.delete(name));
    }
    return queue;
  };

  const backend = {
    connectionString: databaseUrl,
    schema: QUEUE_SCHEMA,
    max: 4,
    application_name: 'espalier queue',
  };
  // Installations may share a Redis: each has its keys under the name of its database.
  const redis = redisUrl
    ? { connection: redisConnection(redisUrl), prefix: `espalier:${new URL(databaseUrl).pathname.slice(1)}` }
    : null;

  async function open(name: JobName): Promise<Queue> {
    const queue = redis
      ? new Queue(name, redis)
      : new Queue(name, { connection: backend }, createPostgresBackend);
    queue.on('error', (err) => log.warn({ err, queue: name }, 'queue: connection trouble'));
    await queue.waitUntilReady();
    return queue as Queue;
  }

  return {
    async enqueue(name, job) {
      const queue = await queueOf(name);
      await queue.add(name, job, jobOptions(job));
    },
    async enqueueMissing(name, jobs) {
      if (jobs.length === 0) return 0;
      const queue = await queueOf(name);
      const present = await queue.getJobs(['active', 'waiting', 'delayed', 'prioritized']);
      const ids = new Set(present.map((job) => job.id));
      const missing = jobs.filter((job) => !ids.has(job.runId));
      await queue.addBulk(missing.map((job) => ({ name, data: job, opts: jobOptions(job) })));
      return missing.length;
    },
    work(name, concurrency, handler) {
      const options = {
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: LOCK_MS / 2,
        maxStalledCount: 100,
      };
      const run = (job: Job): Promise<void> => handler(job.data as Jobs[typeof name], closing.signal);
      const worker = redis
        ? new Worker(name, run, { ...options, ...redis })
        : new Worker(name, run, { ...options, connection: backend }, createPostgresBackend);
      worker.on('error', (err) => log.warn({ err, queue: name }, 'queue: worker trouble'));
      worker.on('failed', (job, err) =>
        log.warn({ err, runId: job?.id, attempt: job?.attemptsMade }, 'job failed'),
      );
      workers.push(worker as Worker);
    },
    async close() {
      closing.abort();
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...queues.values()].map(async (queue) => (await queue).close()));
    },
  };
}

const jobOptions = ({ runId }: { readonly runId: string }): JobsOptions => ({
  jobId: runId,
  attempts: 10,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  removeOnFail: true,
});

/** What BullMQ needs to open connections of its own; blocking ones must never give up on a command. */
function redisConnection(text: string): Record<string, unknown> {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    maxRetriesPerRequest: null,
  };
}
