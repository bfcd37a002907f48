import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bareDatabase, type BareDatabase } from '../testing/bare-database.js';
import { inChild } from '../testing/child.js';
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
    const { runId, teamId } = await waitingRun(database);
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

/** A run that waits although no job was ever added for it. */
async function waitingRun({ sql }: BareDatabase): Promise<{ runId: string; teamId: string }> {
  const id = async (text: string, parameters: readonly unknown[]): Promise<string> =>
    (await sql<{ id: string }>(`${text} returning id`, parameters))[0]?.id ?? '';
  const teamId = await id(`insert into teams (slug, name) values ($1, 'Waiting')`, [`w-${randomUUID()}`]);
  const space = await id(`insert into search_spaces (team_id, name) values ($1, 'space')`, [teamId]);
  const version = await id(
    `insert into space_versions (team_id, space_id, label, content_hash, document, family, size, identity_hash)
     values ($1, $2, 'full', '\\x00', '{}', 'f', 1, '\\x00')`,
    [teamId, space],
  );
  const target = await id(
    `insert into hardware_targets (team_id, fingerprint, name, processor, runtime, provider, "precision", threads, batch)
     values ($1, 'f', 'n', 'p', 'r', 'cpu', 'fp32', 1, 1)`,
    [teamId],
  );
  const profile = await id(
    `insert into device_profiles (team_id, space_version_id, target_id, method, latency_table, quality)
     values ($1, $2, $3, 'ISOLATED', '{}', '{}')`,
    [teamId, version, target],
  );
  const task = await id(
    `insert into tasks (team_id, name, dataset, metric, unit) values ($1, 't', 'd', 'm', '%')`,
    [teamId],
  );
  const source = await id(
    `insert into accuracy_sources (team_id, task_id, space_version_id, kind, name) values ($1, $2, $3, 'TABLE', 's')`,
    [teamId, task, version],
  );
  const runId = await id(
    `insert into search_runs (team_id, space_version_id, device_profile_id, accuracy_source_id, sampler, budget, seed)
     values ($1, $2, $3, $4, 'RANDOM', 10, 0)`,
    [teamId, version, profile, source],
  );
  return { runId, teamId };
}
