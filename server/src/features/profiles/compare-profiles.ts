import { compareTables, type TableComparison } from '@espalier/nas/profile';
import type { RequestContext } from '../../graphql/context.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { badInput } from '../../platform/errors.js';
import type { DeviceProfileRow } from './entities.js';

export interface ComparedProfiles {
  readonly a: DeviceProfileRow;
  readonly b: DeviceProfileRow;
  readonly comparison: TableComparison;
}

/**
 * Compares two visible profiles of the same blocks: of one version, or of versions with one document, whichever teams they
 * belong to. BAD_INPUT otherwise.
 */
export async function compareProfiles(
  ctx: RequestContext,
  ids: { readonly a: string; readonly b: string },
): Promise<ComparedProfiles> {
  const [a, b] = await Promise.all([
    required(ctx, 'DeviceProfile', uuidOf('DeviceProfile', ids.a, 'a')),
    required(ctx, 'DeviceProfile', uuidOf('DeviceProfile', ids.b, 'b')),
  ]);
  const [versionA, versionB] = await Promise.all([
    required(ctx, 'SpaceVersion', a.spaceVersionId),
    required(ctx, 'SpaceVersion', b.spaceVersionId),
  ]);
  if (!versionA.contentHash.equals(versionB.contentHash))
    throw badInput('b', 'The profiles are of different spaces: their blocks are not the same.');
  return { a, b, comparison: compareTables(a.latencyTable.layers, b.latencyTable.layers) };
}
