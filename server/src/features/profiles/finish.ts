import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { asOwningTeam, type Transaction } from '../../platform/database/tenancy.js';
import type { ProgressEvent } from '../../platform/events/event-bus.js';
import type { Platform } from '../../platform/platform.js';
import { ProfileRunEntity, type ProfileRunRow } from './entities.js';
import { keepArchitectureLatencies, modelOutcome, planFurther, publishProfile } from './results.js';

/** How a campaign stands, as its progress event says it. */
export type Standing = ProgressEvent;

/**
 * Counts measurements that ended, by campaign, and ends those campaigns that have nothing left to measure, in the
 * transaction of their last result: a profile is there exactly when its campaign has succeeded, whatever crashes. Each
 * campaign's row is locked first, so that of two last results the later one sees both; and what a campaign ends in is
 * written in its team's name, whoever's device reported.
 */
export async function finishIfComplete(
  tx: Transaction,
  blobs: BlobStore,
  ended: ReadonlyMap<string, number>,
): Promise<Standing[]> {
  if (ended.size === 0) return [];
  const runs = await tx
    .getRepository(ProfileRunEntity)
    .createQueryBuilder('run')
    .where('run.id = any(:ids)', { ids: [...ended.keys()] })
    .orderBy('run.id')
    .setLock('pessimistic_write')
    .getMany();
  const standings: Standing[] = [];
  for (const run of runs) {
    const open = run.openCount - (ended.get(run.id) ?? 0);
    if (open !== run.openCount)
      await tx.query('update profile_runs set open_count = $2 where id = $1', [run.id, open]);
    const alive = run.status === 'QUEUED' || run.status === 'RUNNING';
    const further = alive && open === 0 ? await asOwningTeam(tx, run, () => furtherOf(tx, blobs, run)) : 0;
    const status =
      alive && open + further === 0 ? await asOwningTeam(tx, run, () => end(tx, blobs, run)) : run.status;
    const total = run.measurementCount + further;
    standings.push({ runId: run.id, status, done: run.measurementCount - open, total });
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
