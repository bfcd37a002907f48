import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import { concludeProfile } from './conclude.js';
import { DeviceProfileEntity, MeasurementEntity, profilesEntities, ProfileRunEntity } from './entities.js';
import { cardResolvers } from './card-resolvers.js';
import { profilesResolvers } from './resolvers.js';
import { samplesRoute } from './samples.js';

export { leaseMeasurements, type Leasing } from './leases.js';
export type { Lease } from './take-leases.js';
export { isMeasuringBlock, isMeasuringModel } from './uploaded-files.js';
export { reportMeasurements } from './report.js';
export { cancelProfile } from './cancel-profile.js';
export { defaultProfile } from './pins.js';
export { shareProfile } from './share-profile.js';
export { measureArchitectures, startProfile } from './start-profile.js';

/** Measuring campaigns, their measurements, and the device profiles they end in. */
export function profilesFeature(platform: Platform): Feature {
  const campaigns = profilesResolvers(platform);
  const cards = cardResolvers(platform);
  return {
    resolvers: {
      ...cards,
      ...campaigns,
      Query: { ...cards.Query, ...campaigns.Query },
      Mutation: { ...cards.Mutation, ...campaigns.Mutation },
    },
    routes: [samplesRoute(platform)],
    entities: profilesEntities as Feature['entities'],
    // One at a time: an estimate keeps a core busy, and searches run beside it.
    jobs: (queue) => queue.work('profileConclusion', 1, (job) => concludeProfile(platform, job)),
    nodes: {
      ProfileRun: (tx, ids) => rowsById(tx, ProfileRunEntity, ids),
      Measurement: (tx, ids) => rowsById(tx, MeasurementEntity, ids),
      DeviceProfile: (tx, ids) => rowsById(tx, DeviceProfileEntity, ids),
    },
  };
}
