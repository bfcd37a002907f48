import type { SearchSpace } from '../../space/index.js';
import { GraphError } from '../error.js';
import { bloxSkeleton } from './blox.js';
import { fashionSkeleton } from './fashion.js';
import type { Skeleton } from './skeleton.js';

const skeletons: ReadonlyMap<string, Skeleton> = new Map([
  ['fashion-mobile', fashionSkeleton({ conv: 'conv', norm: 'norm' })],
  ['fashion-blox', fashionSkeleton({ conv: '0.weight', norm: '1' })],
  ['blox', bloxSkeleton],
]);

/** The fixed part of the space's networks; GraphError GRAPH_UNKNOWN_FAMILY when its family has none. */
export function skeletonOf(space: SearchSpace): Skeleton {
  const skeleton = skeletons.get(space.name);
  if (skeleton === undefined)
    throw new GraphError('GRAPH_UNKNOWN_FAMILY', `no networks can be built for the family "${space.name}"`);
  return skeleton;
}
