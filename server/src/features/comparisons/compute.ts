import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { EspalierError, notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { Jobs } from '../../platform/queue/job-queue.js';
import { AccuracySourceEntity } from '../accuracy/entities.js';
import type { LookupOf } from '../accuracy/index.js';
import { DeviceProfileEntity } from '../profiles/entities.js';
import { accuraciesOf, objectivesBy, succeededRuns } from '../searches/index.js';
import { SpaceVersionEntity } from '../spaces/entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { compare, type ComparedGroup } from './compare.js';
import { comparedRuns } from './compared-runs.js';
import { ComparisonEntity, type ComparisonRequest, type ComparisonResult } from './entities.js';
import { paidBefore } from './paid-before.js';
import { referenceOf } from './reference.js';

/**
 * Computes a comparison that waits. What it finds is stored only while the comparison still waits, so that doing it twice
 * changes nothing; what cannot be computed (a run was withdrawn meanwhile) ends it as FAILED, anything else is tried again.
 */
export async function runComparisonJob(
  platform: Platform,
  lookupOf: LookupOf,
  { runId: id, teamId: team }: Jobs['comparison'],
): Promise<void> {
  const teamId = team as TeamId;
  try {
    const result = await platform.inScope({ teamId }, async (tx) => {
      const waiting = await tx.getRepository(ComparisonEntity).findOneBy({ id, status: 'QUEUED' });
      return waiting?.request ? computeComparison(tx, lookupOf, waiting.request) : null;
    });
    if (result) await end(platform, teamId, id, { status: 'SUCCEEDED', result, error: null });
  } catch (error) {
    const isPermanent = error instanceof EspalierError || error instanceof RangeError;
    if (!isPermanent) throw error;
    platform.log.error({ err: error, comparisonId: id }, 'comparison failed');
    await end(platform, teamId, id, { status: 'FAILED', result: null, error: error.message });
  }
}

interface Ending {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly result: ComparisonResult | null;
  readonly error: string | null;
}

async function end(
  platform: Platform,
  teamId: TeamId,
  id: string,
  { status, result, error }: Ending,
): Promise<void> {
  await platform.inScope({ teamId }, (tx) =>
    tx.query(
      `update comparisons set status = $2, result = $3, error = $4 where id = $1 and status = 'QUEUED'`,
      [id, status, result && JSON.stringify(result), error],
    ),
  );
}

/** Reads what the request names and compares it. NOT_FOUND when something of it is no longer the team's to see. */
export async function computeComparison(
  tx: Transaction,
  lookupOf: LookupOf,
  request: ComparisonRequest,
): Promise<ComparisonResult> {
  const runIds = request.groups.flatMap((group) => group.runIds);
  const { runs, versions } = await succeededRuns(tx, runIds, 'input.groups');
  const profile = await tx.getRepository(DeviceProfileEntity).findOneBy({ id: request.deviceProfileId });
  const source = await tx.getRepository(AccuracySourceEntity).findOneBy({ id: request.accuracySourceId });
  if (!profile) throw notFound('DeviceProfile');
  if (!source) throw notFound('AccuracySource');
  const root = await tx.getRepository(SpaceVersionEntity).findOneBy({ id: profile.spaceVersionId });
  if (!root) throw notFound('SpaceVersion');
  const { space } = parsedSpace(root);
  const before = await paidBefore(tx, runIds);
  const earlierIds = [...before.values()].flat().map(({ runId }) => runId);
  const objectives = objectivesBy({
    blockLatencyMs: profile.latencyTable.layers,
    fixedMs: profile.latencyTable.fixedMs,
    accuracyOf: source.complete
      ? await lookupOf(source, space)
      : await accuraciesOf(tx, [...runIds, ...earlierIds]),
  });
  const compared = await comparedRuns(tx, [...runs.values()], before, objectives);
  const groups = request.groups.map(({ label, runIds: ids }): ComparedGroup => {
    const rows = ids.flatMap((id) => runs.get(id) ?? []);
    const version = versions.get(rows[0]?.spaceVersionId ?? '');
    if (!version) throw notFound('SpaceVersion');
    return {
      label,
      version,
      samplers: rows.map((run) => run.sampler),
      runs: ids.flatMap((id) => compared.get(id) ?? []),
    };
  });
  return compare({
    space,
    groups,
    reference: await referenceOf(space, [...compared.values()], {
      objectives,
      complete: source.complete,
      normalisation: request.normalisation,
    }),
    baseline: request.baseline,
    targetEvaluations: request.targetEvaluations,
    columns: request.columns,
  });
}
