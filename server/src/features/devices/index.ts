import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import { DeviceEntity, devicesEntities, HardwareTargetEntity, PoolEntity } from './entities.js';
import { devicesResolvers } from './resolvers.js';

/** Pools, the devices in them, what they are, and what their agents say and ask. */
export function devicesFeature(platform: Platform): Feature {
  return {
    resolvers: devicesResolvers(platform),
    entities: devicesEntities as Feature['entities'],
    nodes: {
      HardwareTarget: (tx, ids) => rowsById(tx, HardwareTargetEntity, ids),
      Pool: (tx, ids) => rowsById(tx, PoolEntity, ids),
      Device: (tx, ids) => rowsById(tx, DeviceEntity, ids),
    },
  };
}
