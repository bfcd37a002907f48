import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import { SearchSpaceEntity, spacesEntities, SpaceVersionEntity } from './entities.js';
import { spacesResolvers, type TrainedModelOf } from './resolvers.js';

export { checkedEncoding, type TrainedModel } from './export-architecture.js';
export { parseDocument, storeVersion } from './versions.js';

/** Search spaces and their versions. `trainedModelOf` is the accuracy feature's. */
export function spacesFeature(trainedModelOf: TrainedModelOf): Feature {
  return {
    resolvers: spacesResolvers(trainedModelOf),
    entities: spacesEntities as Feature['entities'],
    nodes: {
      SearchSpace: (tx, ids) => rowsById(tx, SearchSpaceEntity, ids),
      SpaceVersion: (tx, ids) => rowsById(tx, SpaceVersionEntity, ids),
    },
  };
}
