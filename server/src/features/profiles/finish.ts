import { asOwningTeam, type Transaction } from '../../platform/database/tenancy.js';
import type { ProgressEvent } from '../../platform/events/event-bus.js';
import type { Platform } from '../../platform/platform.js';
import { ProfileRunEntity, type ProfileRunRow } from './entities.js';
import { keepArchitectureLatencies, modelOutcome } from './results.js';

/** How a campaign stands, as its progress event says it. */
export interface Standing extends ProgressEvent {
  /** Set when a worker is to say what follows; see conclude.ts. */
  readonly concludingFor?: string;
}

/**
 * Counts measurements that ended, by campaign, and ends those campaigns that have nothing left to measure, in the
 * transaction of their last result and in the name of the campaign's team, whoever's device reported. What is to become a
 * profile is left RUNNING for a worker, and marked in the same transaction, so that a crash loses nothing: an estimate may
 * take seconds, which no report waits for. Each campaign's row is locked first, so that of two last results the later one
 * sees both.
 */
export async function finishIfComplete(
  tx: Transaction,
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
  for (const { id, ...counted } of runs) standings.push(await standingOf(tx, id, counted));
  return standings;
}

interface Counted {
  readonly status: ProfileRunRow['status'];
  readonly total: number;
  /** Measurements that are neither done nor failed. */
  readonly open: number;
}

/** How a campaign stands once it is counted; with nothing open it ends, or waits for the worker. */
async function standingOf(tx: Transaction, id: string, { status, total, open }: Counted): Promise<Standing> {
  const standing = { runId: id, status, done: total - open, total };
  if (open > 0 || (status !== 'QUEUED' && status !== 'RUNNING')) return standing;
  const run = await tx.getRepository(ProfileRunEntity).findOneByOrFail({ id });
  if (run.kind !== 'PROFILE') return { ...standing, status: await asOwningTeam(tx, run, () => end(tx, run)) };
  await awaitConclusion(tx, id);
  return { ...standing, status: 'RUNNING', concludingFor: run.teamId };
}

/** Tells who listens, and the worker; state lives in tables, so that a lost event or job loses nothing. */
export async function publish(
  { events, queue, log }: Pick<Platform, 'events' | 'queue' | 'log'>,
  standings: readonly Standing[],
): Promise<void> {
  for (const { concludingFor: teamId, ...event } of standings) {
    const { runId } = event;
    await events.publish(event).catch((err: unknown) => log.warn({ err, runId }, 'progress not published'));
    if (teamId !== undefined)
      await queue
        .enqueue('profileConclusion', { runId, teamId })
        .catch((err: unknown) => log.warn({ err, runId }, 'could not enqueue; the sweep will'));
  }
}

/** Marks a campaign as measured; the sweep finds it by this whatever becomes of the queue. */
export async function awaitConclusion(tx: Transaction, runId: string): Promise<void> {
  await tx.query(
    `update profile_runs set status = 'RUNNING', started_at = coalesce(started_at, now()),
       concluding_at = coalesce(concluding_at, date_trunc('milliseconds', clock_timestamp()))
     where id = $1`,
    [runId],
  );
}

/** Keeps what a campaign was for. Null, or why there is nothing. */
async function resultOf(tx: Transaction, run: ProfileRunRow): Promise<string | null> {
  const { spaceVersionId } = run;
  return spaceVersionId === null
    ? modelOutcome(tx, run)
    : keepArchitectureLatencies(tx, { ...run, spaceVersionId });
}

async function end(tx: Transaction, run: ProfileRunRow): Promise<'SUCCEEDED' | 'FAILED'> {
  const error = await resultOf(tx, run);
  const status = error === null ? 'SUCCEEDED' : 'FAILED';
  await tx.query('update profile_runs set status = $2, error = $3, ended_at = now() where id = $1', [
    run.id,
    status,
    error,
  ]);
  return status;
}
