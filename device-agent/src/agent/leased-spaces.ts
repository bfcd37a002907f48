import { parseSpaceDocument } from '@espalier/nas/format';
import type { SearchSpace } from '@espalier/nas/space';
import type { LeaseMeasurementsMutation } from '../graphql/generated/documents.js';
import type { BlockFiles } from './block-files.js';

/** What an agent was given at once: leases, and the spaces that they belong to. */
export type LeaseBatch = Pick<LeaseMeasurementsMutation['leaseMeasurements'], 'leases' | 'spaces'>;
export type Lease = LeaseBatch['leases'][number];

/** The space of a lease with its uploaded blocks, read once a batch. Rejects when it is missing or not understood. */
export type LeasedSpaces = (lease: Lease) => Promise<SearchSpace>;

export function leasedSpaces({ spaces }: LeaseBatch, blocks: BlockFiles): LeasedSpaces {
  const read = new Map<string, Promise<SearchSpace>>();
  const spaceOf = async (spaceVersionId: string): Promise<SearchSpace> => {
    const given = spaces.find((each) => each.spaceVersionId === spaceVersionId);
    if (given === undefined) throw new Error('the server did not send the space');
    return blocks(parseSpaceDocument(given.document).space);
  };
  return ({ spaceVersionId }) => {
    const id = spaceVersionId ?? '';
    const space = read.get(id) ?? spaceOf(id);
    read.set(id, space);
    return space;
  };
}
