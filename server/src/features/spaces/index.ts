import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import { SearchSpaceEntity, spacesEntities, SpaceVersionEntity } from './entities.js';
import type { UploadsOf } from './read-upload.js';
import { schemaRoute } from './schema-route.js';
import { spacesResolvers, type TrainedWeightsOf } from './resolvers.js';

export { buildableSpace, MOST_MODEL_BYTES, readModels } from './buildable-space.js';
export { checkedEncoding, type TrainedWeights } from './export-architecture.js';
export type { UploadsOf } from './read-upload.js';
export { blockCostsOf } from './structure.js';
export { storeVersion } from './versions.js';

/** Search spaces and their versions. `trainedWeightsOf` is the accuracy feature's, `uploadsOf` finds the teams' ONNX models. */
export function spacesFeature(
  platform: Platform,
  trainedWeightsOf: TrainedWeightsOf,
  uploadsOf: UploadsOf,
): Feature {
  return {
    resolvers: spacesResolvers(platform, trainedWeightsOf, uploadsOf),
    entities: spacesEntities as Feature['entities'],
    routes: [schemaRoute],
    nodes: {
      SearchSpace: (tx, ids) => rowsById(tx, SearchSpaceEntity, ids),
      SpaceVersion: (tx, ids) => rowsById(tx, SpaceVersionEntity, ids),
    },
  };
}
