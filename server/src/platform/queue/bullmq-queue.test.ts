import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bareDatabase, type BareDatabase } from '../testing/bare-database.js';
import { inChild } from '../testing/child.js';
import { samplePrivateRows } from '../testing/sample-rows.js';
import type { WorkerArguments } from '../testing/run-worker.js';
import { bullmqQueue } from './bullmq-queue.js';
import type { JobQueue, Jobs } from './job-queue.js';
import { sweepWaitingRuns } from './sweeper.js';

const log = pino({ level: 'silent' });
const backends: readonly (readonly [string, string | undefined])[] = [
  ['PostgreSQL', undefined],
  ...(process.env['REDIS_URL'] ? [['Redis', process.env['REDIS_URL']] as const] : []),
];

describe.each(backends)('the queue on %s', (_name, redisUrl) => {
  let database: BareDatabase;
  const open: JobQueue[] = [];

  beforeAll(async () => {
    database = await bareDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((queue) => queue.close()));
  });
  afterAll(async () => {
    await database.close();
  });

  const connect = (): JobQueue => {
    const queue = bullmqQueue({ databaseUrl: database.urls.queue, redisUrl, log });
    open.push(queue);
    return queue;
  };
  const job = (): Jobs['search'] => ({ runId: randomUUID(), teamId: randomUUID() });

  it('hands a job with its ids to a handler of another connection', async () => {
    const given = job();
    await connect().enqueue('search', given);
    const handled = await new Promise((resolve) => {
      connect().work('search', 1, async (taken) => resolve(taken));
    });
    expect(handled).toEqual(given);
  });

  it('holds a run once, however often it is enqueued before it ends', async () => {
    const queue = connect();
    const given = job();
    const seen: string[] = [];
    await Promise.all([1, 2, 3].map(() => queue.enqueue('search', given)));
    queue.work('search', 1, async ({ runId }) => {
      await queue.enqueue('search', given);
      await sleep(200);
      seen.push(runId);
    });
    await sleep(1_500);
    expect(seen).toEqual([given.runId]);
  });

  it('takes a run again after it has ended', async () => {
    const queue = connect();
    const given = job();
    let count = 0;
    queue.work('search', 1, async () => void count++);
    await queue.enqueue('search', given);
    await until(() => count === 1);
    await sleep(200);
    await queue.enqueue('search', given);
    await until(() => count === 2);
  });

  it('tries a handler that throws again, later and later', async () => {
    const queue = connect();
    const given = job();
    const times: number[] = [];
    queue.work('search', 1, async ({ runId }) => {
      if (runId !== given.runId) return;
      times.push(Date.now());
      if (times.length < 3) throw new Error('not yet');
    });
    await queue.enqueue('search', given);
    await until(() => times.length === 3);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(400);
    expect(third - second).toBeGreaterThan(second - first);
  });

  it('adds only the missing of many runs', async () => {
    const queue = connect();
    const [a, b, c] = [job(), job(), job()];
    await queue.enqueue('search', b);
    expect(await queue.enqueueMissing('search', [a, b, c])).toBe(2);
    expect(await queue.enqueueMissing('search', [a, b, c])).toBe(0);
    const seen = new Set<string>();
    queue.work('search', 3, async ({ runId }) => void seen.add(runId));
    await until(() => [a, b, c].every(({ runId }) => seen.has(runId)));
  });

  it('tells running handlers to stop when it closes, and waits for them', async () => {
    const queue = connect();
    await queue.enqueue('search', job());
    let ended = false;
    await new Promise<void>((resolve) => {
      queue.work('search', 1, async (_job, signal) => {
        resolve();
        await new Promise((stop) => signal.addEventListener('abort', stop));
        await sleep(100);
        ended = true;
      });
    });
    await queue.close();
    expect(ended).toBe(true);
  });

  it('gives the job of a killed worker to another within seconds', async () => {
    const given = job();
    await connect().enqueue('search', given);
    const module = new URL('../testing/run-worker.ts', import.meta.url);
    const worker: WorkerArguments = { databaseUrl: database.urls.queue, redisUrl };
    const { child, answer } = await inChild<string>(module, 'takeJobForever', worker);
    expect(answer).toBe(given.runId);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killedAt = Date.now();
    await new Promise<void>((resolve) => {
      connect().work('search', 1, async ({ runId }) => (runId === given.runId ? resolve() : undefined));
    });
    expect(Date.now() - killedAt).toBeLessThan(15_000);
  });

  it('is rebuilt from the tables after it was lost whole', async () => {
    const { searchRunId: runId, teamId } = await samplePrivateRows(database);
    const taken = new Set<string>();
    const queue = connect();
    const sweeper = sweepWaitingRuns(database.urls.queue, queue, log);
    try {
      queue.work('search', 1, async (each) => {
        if (each.runId === runId) expect(each.teamId).toBe(teamId);
        taken.add(each.runId);
      });
      await until(() => taken.has(runId));
    } finally {
      await sweeper.stop();
      await database.sql(`update search_runs set status = 'SUCCEEDED' where id = $1`, [runId]);
    }
  });
});

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  for (const end = Date.now() + limitMs; !condition(); await sleep(20))
    if (Date.now() > end) throw new Error('It did not come to that in time.');
}
