import { GraphError } from '@espalier/nas/graph';
import { SearchError } from '@espalier/nas/search';
import { SpaceError } from '@espalier/nas/space';
import { EspalierError } from '../../platform/errors.js';

/** The science refuses the same input every time, and so do our own checks; a database or a network may recover. */
export const isPermanent = (error: unknown): error is Error =>
  error instanceof EspalierError ||
  error instanceof SpaceError ||
  error instanceof GraphError ||
  error instanceof SearchError ||
  error instanceof RangeError ||
  error instanceof RefusedInThread;

/** What a search thread refuses for good. */
export class RefusedInThread extends Error {
  override readonly name = 'RefusedInThread';
}
