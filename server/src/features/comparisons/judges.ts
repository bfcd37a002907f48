import { In } from 'typeorm';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, notFound } from '../../platform/errors.js';
import { AccuracySourceEntity, type AccuracySourceRow } from '../accuracy/entities.js';
import { HardwareTargetEntity } from '../devices/entities.js';
import { DeviceProfileEntity, type DeviceProfileRow } from '../profiles/entities.js';
import type { SearchRunRow } from '../searches/entities.js';

/** What gives the latency and the accuracy of every compared network, whatever its run had searched by. */
export interface Judges {
  readonly profile: DeviceProfileRow;
  readonly source: AccuracySourceRow;
}

/** UUIDs of what the caller named; null leaves it to the runs, when these agree. */
export interface NamedJudges {
  readonly profileId: string | null;
  readonly sourceId: string | null;
}

/**
 * One profile and one accuracy source of those that the runs used. The runs may have used several profiles of one target, and
 * several sources of one task: then the caller names who judges, and of several sources only a full table can judge what another
 * gave. BAD_INPUT otherwise.
 */
export async function judgesOf(
  tx: Transaction,
  runs: readonly SearchRunRow[],
  named: NamedJudges,
): Promise<Judges> {
  const profiles = await tx
    .getRepository(DeviceProfileEntity)
    .findBy({ id: In([...new Set(runs.map((run) => run.deviceProfileId))]) });
  const sources = await tx
    .getRepository(AccuracySourceEntity)
    .findBy({ id: In([...new Set(runs.map((run) => run.accuracySourceId))]) });
  if (new Set(runs.map((run) => run.deviceProfileId)).size !== profiles.length)
    throw notFound('DeviceProfile');
  if (new Set(runs.map((run) => run.accuracySourceId)).size !== sources.length)
    throw notFound('AccuracySource');
  const targets = await tx
    .getRepository(HardwareTargetEntity)
    .findBy({ id: In([...new Set(profiles.map((profile) => profile.targetId))]) });
  if (new Set(targets.map((target) => target.fingerprint)).size > 1)
    throw badInput('input.groups', 'The runs are for different hardware targets.');
  if (new Set(sources.map((source) => source.taskId)).size > 1)
    throw badInput('input.groups', 'The runs are about different tasks.');
  const profile = chosen(profiles, named.profileId, 'input.deviceProfileId', 'device profiles');
  const source = chosen(sources, named.sourceId, 'input.accuracySourceId', 'accuracy sources');
  if (sources.length > 1 && !source.complete)
    throw badInput(
      'input.accuracySourceId',
      `${source.name} does not know every network; of several sources only a full table can judge.`,
    );
  return { profile, source };
}

function chosen<Row extends { readonly id: string }>(
  used: readonly Row[],
  named: string | null,
  field: string,
  what: string,
): Row {
  if (named === null && used.length > 1)
    throw badInput(field, `The runs used ${used.length} ${what}; name the one that judges all of them.`);
  const row = named === null ? used[0] : used.find(({ id }) => id === named);
  if (!row) throw badInput(field, `${field} is none of the ${what} that the runs used.`);
  return row;
}
