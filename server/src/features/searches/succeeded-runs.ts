import { In } from 'typeorm';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import { AccuracySourceEntity, type AccuracySourceRow } from '../accuracy/entities.js';
import { DeviceProfileEntity, type DeviceProfileRow } from '../profiles/entities.js';
import { SpaceVersionEntity, type SpaceVersionRow } from '../spaces/entities.js';
import { SearchRunEntity, type SearchRunRow } from './entities.js';
import { rootOf } from './evaluator.js';

/** Runs of one space by id, and what they searched by id. */
export interface SucceededRuns {
  readonly runs: ReadonlyMap<string, SearchRunRow>;
  readonly versions: ReadonlyMap<string, SpaceVersionRow>;
}

/**
 * The runs' rows, when all of them are visible, given once, succeeded and of one space. `field` is the input that names
 * them. BAD_INPUT, NOT_FOUND or CONFLICT otherwise.
 */
export async function succeededRuns(
  tx: Transaction,
  runIds: readonly string[],
  field: string,
): Promise<SucceededRuns> {
  if (new Set(runIds).size !== runIds.length) throw badInput(field, 'A run is given once.');
  const rows = await tx.getRepository(SearchRunEntity).findBy({ id: In([...runIds]) });
  if (rows.length === 0 || rows.length !== runIds.length) throw notFound('SearchRun');
  const unfinished = rows.find((run) => run.status !== 'SUCCEEDED');
  if (unfinished)
    throw new EspalierError(
      'CONFLICT',
      `A run is ${unfinished.status}; only runs that succeeded can be used.`,
    );
  const found = await tx
    .getRepository(SpaceVersionEntity)
    .findBy({ id: In([...new Set(rows.map((run) => run.spaceVersionId))]) });
  const versions = new Map(found.map((version) => [version.id, version]));
  const roots = new Set(
    rows.map((run) => {
      const version = versions.get(run.spaceVersionId);
      return version ? rootOf(version) : run.spaceVersionId;
    }),
  );
  if (roots.size > 1) throw badInput(field, 'The runs are of different spaces.');
  return { runs: new Map(rows.map((run) => [run.id, run])), versions };
}

interface Subjects extends SucceededRuns {
  readonly profile: DeviceProfileRow;
  readonly source: AccuracySourceRow;
}

/**
 * The same when they also share one profile and one accuracy source: what they found may stand in one list as it is,
 * while latencies predicted by two profiles cannot be held against each other.
 */
export async function subjects(tx: Transaction, runIds: readonly string[], field: string): Promise<Subjects> {
  const { runs, versions } = await succeededRuns(tx, runIds, field);
  const [first, ...others] = [...runs.values()];
  if (!first) throw notFound('SearchRun');
  if (others.some((run) => run.deviceProfileId !== first.deviceProfileId))
    throw badInput(field, 'The runs use different device profiles.');
  if (others.some((run) => run.accuracySourceId !== first.accuracySourceId))
    throw badInput(field, 'The runs use different accuracy sources.');
  const profile = await tx.getRepository(DeviceProfileEntity).findOneBy({ id: first.deviceProfileId });
  const source = await tx.getRepository(AccuracySourceEntity).findOneBy({ id: first.accuracySourceId });
  if (!profile || !source) throw notFound('DeviceProfile');
  return { runs, versions, profile, source };
}
