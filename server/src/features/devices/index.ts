import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import {
  DeviceEntity,
  devicesEntities,
  HardwareTargetEntity,
  MaintenanceWindowEntity,
  PoolEntity,
  PoolGrantEntity,
} from './entities.js';
import { poolsResolvers } from './pools-resolvers.js';
import { devicesResolvers } from './resolvers.js';

export { targetOfPool, type PoolTarget } from './pool-target.js';

/** Pools, the devices in them, what they are, and what their agents say and ask. */
export function devicesFeature(platform: Platform): Feature {
  const devices = devicesResolvers(platform);
  const pools = poolsResolvers();
  return {
    resolvers: {
      ...devices,
      ...pools,
      Query: { ...devices.Query, ...pools.Query },
      Mutation: { ...devices.Mutation, ...pools.Mutation },
    },
    entities: devicesEntities as Feature['entities'],
    nodes: {
      HardwareTarget: (tx, ids) => rowsById(tx, HardwareTargetEntity, ids),
      Pool: (tx, ids) => rowsById(tx, PoolEntity, ids),
      Device: (tx, ids) => rowsById(tx, DeviceEntity, ids),
      PoolGrant: (tx, ids) => rowsById(tx, PoolGrantEntity, ids),
      MaintenanceWindow: (tx, ids) => rowsById(tx, MaintenanceWindowEntity, ids),
    },
  };
}
