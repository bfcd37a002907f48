import {
  parseSubject,
  ProfileError,
  subjectKey,
  type PlannedSubject,
  type ProfileEstimate,
} from '@espalier/nas/profile';
import type { SearchSpace } from '@espalier/nas/space';
import { median } from '@espalier/nas/stats';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import type { Platform } from '../../platform/platform.js';
import type { Jobs } from '../../platform/queue/job-queue.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import { buildableSpace } from '../spaces/index.js';
import {
  MeasurementEntity,
  ProfileRunEntity,
  type MeasurementRow,
  type ReferenceReading,
} from './entities.js';
import { publish } from './finish.js';
import { startable } from './methods.js';
import { latencyTableOf, qualityOf, resultOf, versionOf, type SpaceRun } from './results.js';
import { sampleFile, type MeasuringDevices } from './samples.js';
import { addMeasurements, measurable } from './start-profile.js';
import { storeProfile } from './store-profile.js';

/** A campaign with all that was measured for it. */
interface Campaign {
  readonly run: SpaceRun & { readonly concludingAt: Date };
  readonly version: SpaceVersionRow;
  /** Done and failed, with their samples, in the order planned. */
  readonly rows: readonly MeasurementRow[];
  readonly devices: MeasuringDevices;
}

type Conclusion =
  | { readonly kind: 'FURTHER'; readonly subjects: readonly PlannedSubject[] }
  | { readonly kind: 'PROFILE'; readonly estimate: ProfileEstimate; readonly samplesHash: Buffer }
  | { readonly kind: 'FAILED'; readonly error: string };

/**
 * Says what follows when all that a campaign planned is measured: further measurements, or its profile. Nothing is held
 * while it computes; what it found is stored only if the campaign still waits for it, so that doing it twice, or beside
 * another worker, changes nothing. A crash leaves the campaign marked, and the sweep finds it.
 */
export async function concludeProfile(
  platform: Platform,
  { runId, teamId: team }: Jobs['profileConclusion'],
): Promise<void> {
  const teamId = team as TeamId;
  const campaign = await platform.inScope({ teamId }, (tx) => measuredCampaign(tx, runId));
  if (!campaign) return;
  const conclusion = await conclusionOf(platform, campaign);
  const standing = await platform.inScope({ teamId }, async (tx) => {
    if (!(await stillWaits(tx, campaign.run))) return null;
    return store(tx, campaign, conclusion);
  });
  if (standing) await publish(platform, [standing]);
}

/** Null when it has been concluded, stopped, or is measuring again. */
async function measuredCampaign(tx: Transaction, runId: string): Promise<Campaign | null> {
  const run = await tx.getRepository(ProfileRunEntity).findOneBy({ id: runId, status: 'RUNNING' });
  if (!run?.concludingAt || run.spaceVersionId === null) return null;
  const { spaceVersionId, concludingAt } = run;
  const rows = await tx
    .getRepository(MeasurementEntity)
    .createQueryBuilder('measurement')
    .addSelect('measurement.rounds')
    .where('measurement.profileRunId = :id', { id: run.id })
    .orderBy('measurement.ordinal')
    .getMany();
  const devices = await tx.query<
    { id: string; device: string; agentVersion: string; environment: unknown }[]
  >(
    `select d.id, d.name as device, d.agent_version as "agentVersion", d.environment from devices d
     where d.id in (select device_id from measurements where profile_run_id = $1) order by d.name`,
    [run.id],
  );
  const ofSpace = { ...run, spaceVersionId, concludingAt };
  return {
    run: ofSpace,
    version: await versionOf(tx, ofSpace),
    rows,
    devices: new Map(devices.map(({ id, ...device }) => [id, device])),
  };
}

/** The science is deterministic: what it throws once it throws every time, so that it ends the campaign. */
async function conclusionOf(
  { blobs, log }: Pick<Platform, 'blobs' | 'log'>,
  { run, version, rows, devices }: Campaign,
): Promise<Conclusion> {
  const { space } = await buildableSpace(blobs, version);
  try {
    const subjects = furtherSubjects(space, run, rows);
    if (subjects.length > 0) return { kind: 'FURTHER', subjects };
    const results = rows.filter(isDone).map((row) => resultOf(space, row));
    const estimate = startable(run.method).estimate(space, run.options, results);
    const hash = await blobs.put(sampleFile(rows, devices));
    return { kind: 'PROFILE', estimate, samplesHash: Buffer.from(hash, 'hex') };
  } catch (error) {
    if (error instanceof ProfileError)
      return { kind: 'FAILED', error: `No profile can be made of these results: ${error.message}` };
    if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    log.error({ err: error, runId: run.id }, 'estimate failed');
    return { kind: 'FAILED', error: 'No profile can be made of these results: the method failed on them.' };
  }
}

const isDone = ({ status }: MeasurementRow): boolean => status === 'DONE';

/** What the method wants measured next; what could not be measured is not asked for again. */
function furtherSubjects(
  space: SearchSpace,
  { method, options }: SpaceRun,
  rows: readonly MeasurementRow[],
): readonly PlannedSubject[] {
  const { next } = startable(method);
  if (!next) return [];
  const known = new Set(rows.map(({ subject }) => subjectKey(parseSubject(space, subject))));
  const results = rows.filter(isDone).map((row) => resultOf(space, row));
  return next(space, options, results).filter(({ subject }) => !known.has(subjectKey(subject)));
}

/** Locks the campaign until the end of the transaction. */
async function stillWaits(tx: Transaction, { id, concludingAt }: Campaign['run']): Promise<boolean> {
  const waiting = await tx.query<unknown[]>(
    `select from profile_runs where id = $1 and concluding_at = $2 and status = 'RUNNING' for update`,
    [id, concludingAt],
  );
  return waiting.length > 0;
}

async function store(
  tx: Transaction,
  campaign: Campaign,
  conclusion: Conclusion,
): Promise<Parameters<typeof publish>[1][number]> {
  const { run, rows } = campaign;
  const standing = { runId: run.id, done: rows.length, total: run.measurementCount };
  if (conclusion.kind === 'FURTHER') {
    const { subjects } = conclusion;
    await addMeasurements(tx, run, rows.length, subjects.map(measurable));
    await tx.query(
      'update profile_runs set measurement_count = measurement_count + $2, open_count = open_count + $2, concluding_at = null where id = $1',
      [run.id, subjects.length],
    );
    return { ...standing, status: 'RUNNING', total: run.measurementCount + subjects.length };
  }
  if (conclusion.kind === 'PROFILE') await insertProfile(tx, campaign, conclusion);
  const status = conclusion.kind === 'PROFILE' ? 'SUCCEEDED' : 'FAILED';
  await tx.query(
    'update profile_runs set status = $2, error = $3, concluding_at = null, ended_at = now() where id = $1',
    [run.id, status, conclusion.kind === 'FAILED' ? conclusion.error : null],
  );
  return { ...standing, status };
}

async function insertProfile(
  tx: Transaction,
  { run, rows, devices }: Campaign,
  { estimate, samplesHash }: Extract<Conclusion, { kind: 'PROFILE' }>,
): Promise<void> {
  await storeProfile(tx, {
    teamId: run.teamId,
    profileRunId: run.id,
    spaceVersionId: run.spaceVersionId,
    targetId: run.targetId,
    method: run.method,
    latencyTable: latencyTableOf(estimate),
    quality: qualityOf(estimate),
    details: estimate.details,
    parentId: null,
    overrides: [],
    note: '',
    options: run.options,
    environment: [...devices.values()],
    referenceReadings: referenceReadings(rows),
    unstable: rows.flatMap(({ status, subject, unstableReason }) =>
      status === 'DONE' && unstableReason !== null ? [{ subject, reason: unstableReason }] : [],
    ),
    samplesHash,
  });
}

/** Most readings that a profile keeps for its chart; the samples have them all. */
const MOST_READINGS = 1_000;

/** How the reference network ran while the campaign went on, in the order of time. */
function referenceReadings(rows: readonly MeasurementRow[]): readonly ReferenceReading[] {
  const all = rows
    .flatMap(({ reportedAt, referenceMs }) =>
      reportedAt && referenceMs && referenceMs.length > 0
        ? [{ at: reportedAt.toISOString(), ms: median(referenceMs) }]
        : [],
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const step = Math.max(1, Math.ceil(all.length / MOST_READINGS));
  return all.filter((_, at) => at % step === 0);
}
