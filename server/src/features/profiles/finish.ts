import type { BlobStore } from '../../platform/blobs/blob-store.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import type { ProgressEvent } from '../../platform/events/event-bus.js';
import type { Platform } from '../../platform/platform.js';
import { ProfileRunEntity, type ProfileRunRow } from './entities.js';
import { keepArchitectureLatencies, modelOutcome, planFurther, publishProfile } from './results.js';

/** How a campaign stands, as its progress event says it. */
export type Standing = ProgressEvent;

/**
 * Ends those of the campaigns that have nothing left to measure, in the transaction of their last result: a profile is
 * there exactly when its campaign has succeeded, whatever crashes. Each campaign's row is locked first, so that of two
 * last results the later one sees both.
 */
export async function finishIfComplete(
  tx: Transaction,
  blobs: BlobStore,
  runIds: readonly string[],
): Promise<Standing[]> {
  if (runIds.length === 0) return [];
  const runs = await tx
    .getRepository(ProfileRunEntity)
    .createQueryBuilder('run')
    .where('run.id = any(:ids)', { ids: [...new Set(runIds)] })
    .orderBy('run.id')
    .setLock('pessimistic_write')
    .getMany();
  const standings: Standing[] = [];
  for (const run of runs) {
    const { waiting, done } = await countsOf(tx, run.id);
    const alive = run.status === 'QUEUED' || run.status === 'RUNNING';
    const further = alive && waiting === 0 ? await furtherOf(tx, blobs, run) : 0;
    const status = alive && waiting + further === 0 ? await end(tx, blobs, run) : run.status;
    standings.push({ runId: run.id, status, done, total: run.measurementCount + further });
  }
  return standings;
}

/** Tells who listens; state lives in tables, so that a lost event loses nothing. */
export async function publish(
  platform: Pick<Platform, 'events' | 'log'>,
  standings: readonly Standing[],
): Promise<void> {
  for (const standing of standings)
    await platform.events
      .publish(standing)
      .catch((err: unknown) => platform.log.warn({ err, runId: standing.runId }, 'progress not published'));
}

async function countsOf(tx: Transaction, runId: string): Promise<{ waiting: number; done: number }> {
  const [counts] = await tx.query<{ waiting: number; done: number }[]>(
    `select count(*) filter (where status in ('QUEUED', 'LEASED'))::int as waiting,
       count(*) filter (where status in ('DONE', 'FAILED'))::int as done
     from measurements where profile_run_id = $1`,
    [runId],
  );
  return counts ?? { waiting: 0, done: 0 };
}

/** How many more measurements the campaign's method wants, now stored. */
async function furtherOf(tx: Transaction, blobs: BlobStore, run: ProfileRunRow): Promise<number> {
  const { spaceVersionId } = run;
  return run.kind === 'PROFILE' && spaceVersionId !== null
    ? planFurther(tx, blobs, { ...run, spaceVersionId })
    : 0;
}

/** Keeps what a campaign was for. Null, or why there is nothing. */
async function resultOf(tx: Transaction, blobs: BlobStore, run: ProfileRunRow): Promise<string | null> {
  const { spaceVersionId } = run;
  if (spaceVersionId === null) return modelOutcome(tx, run);
  const ofSpace = { ...run, spaceVersionId };
  return run.kind === 'PROFILE' ? publishProfile(tx, blobs, ofSpace) : keepArchitectureLatencies(tx, ofSpace);
}

async function end(tx: Transaction, blobs: BlobStore, run: ProfileRunRow): Promise<'SUCCEEDED' | 'FAILED'> {
  const error = await resultOf(tx, blobs, run);
  const status = error === null ? 'SUCCEEDED' : 'FAILED';
  await tx.query('update profile_runs set status = $2, error = $3, ended_at = now() where id = $1', [
    run.id,
    status,
    error,
  ]);
  return status;
}
