import type { PruningInput } from '../../graphql/generated/resolvers.js';
import { toGlobalId } from '../../graphql/node-ids.js';
import type { PruningRecord } from './pruning-record.js';

/** The input that makes a version again; null where the record does not say. */
export function repeatableInput(record: PruningRecord): PruningInput | null {
  const { repeat, seed, deviceProfileId, accuracySourceId } = record;
  if (!repeat) return null;
  return {
    spaceVersionId: toGlobalId('SpaceVersion', repeat.spaceVersionId),
    ...(JSON.parse(JSON.stringify(repeat.settings)) as Pick<PruningInput, 'rule'>),
    seed: seed ?? 0,
    ...(deviceProfileId && { deviceProfileId: toGlobalId('DeviceProfile', deviceProfileId) }),
    ...(accuracySourceId && { accuracySourceId: toGlobalId('AccuracySource', accuracySourceId) }),
    ...(repeat.drawn !== null && { evaluationCount: repeat.drawn }),
  };
}
