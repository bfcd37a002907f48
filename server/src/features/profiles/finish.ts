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
  // One statement to the commit for most reports: two hundred agents count down the same campaign.
  const [runs] = await tx.query<[(Counted & { id: string })[], number]>(
    `with counted as (
       select r.id, x.count from profile_runs r join unnest($1::uuid[], $2::int[]) as x(id, count) on x.id = r.id
       order by r.id for no key update of r)
     update profile_runs r set open_count = open_count - counted.count from counted where r.id = counted.id
     returning r.id, r.status, r.measurement_count as total, r.open_count as open`,
    [[...ended.keys()], [...ended.values()]],
  );
  const standings: Standing[] = [];
  for (const { id, ...counted } of runs)
    standings.push({ runId: id, ...(await standingOf(tx, blobs, id, counted)) });
  return standings;
}

interface Counted {
  readonly status: ProfileRunRow['status'];
  readonly total: number;
  /** Measurements that are neither done nor failed. */
  readonly open: number;
}

/** How a campaign stands once it is counted; with nothing open it goes on with what its method wants further, or ends. */
async function standingOf(
  tx: Transaction,
  blobs: BlobStore,
  id: string,
  { status, total, open }: Counted,
): Promise<Omit<Standing, 'runId'>> {
  const done = total - open;
  if (open > 0 || (status !== 'QUEUED' && status !== 'RUNNING')) return { status, done, total };
  const run = await tx.getRepository(ProfileRunEntity).findOneByOrFail({ id });
  return asOwningTeam(tx, run, async () => {
    const further = await furtherOf(tx, blobs, run);
    if (further > 0) return { status, done, total: total + further };
    return { status: await end(tx, blobs, run), done, total };
  });
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
