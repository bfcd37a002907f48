import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import { concludeProfile } from './conclude.js';
import { DeviceProfileEntity, MeasurementEntity, profilesEntities, ProfileRunEntity } from './entities.js';
import { profilesResolvers } from './resolvers.js';

export { leaseMeasurements, type Leasing } from './leases.js';
export type { Lease } from './take-leases.js';
export { isMeasuringBlock, isMeasuringModel } from './uploaded-files.js';
export { reportMeasurements } from './report.js';
export { cancelProfile, shareProfile } from './manage-profiles.js';
export { measureArchitectures, startProfile } from './start-profile.js';

/** Measuring campaigns, their measurements, and the device profiles they end in. */
export function profilesFeature(platform: Platform): Feature {
  return {
    resolvers: profilesResolvers(platform),
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
