import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { BY_NAME, listRows } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { authorise } from '../../platform/authorise.js';
import { quarantineDevice, releaseDevice, removeDevice } from './care.js';
import { statusOf } from './device-status.js';
import { DeviceEntity, PoolEntity } from './entities.js';
import { grantPool, grantsOf, revokeGrant } from './grants.js';
import { cancelMaintenance, scheduleMaintenance, windowsOf } from './maintenance.js';
import { poolActivity } from './pool-activity.js';
import { createPool, renamePool } from './pools.js';
import { targetsOfPool } from './targets-of-device.js';
import { usageOf } from './usage.js';
import { activityFor, servingTeamFor, teamOf } from './what-it-does.js';

export function poolsResolvers(): Resolvers {
  return {
    Query: {
      pools: (_root, args, ctx) => {
        const teamId = authorise(ctx, 'DEVICES_READ');
        return ctx.read((tx) =>
          listRows(
            tx,
            PoolEntity,
            args,
            BY_NAME,
            (query) => void query.where('listed.team_id = :teamId', { teamId }),
          ),
        );
      },
      grantedPools: (_root, args, ctx) => {
        const teamId = authorise(ctx, 'DEVICES_READ');
        return ctx.read((tx) =>
          listRows(
            tx,
            PoolEntity,
            args,
            BY_NAME,
            (query) =>
              void query.where(
                `listed.id in (select g.pool_id from pool_grants g where g.grantee_id = :teamId)
                 and listed.team_id <> :teamId`,
                { teamId },
              ),
          ),
        );
      },
    },
    Pool: {
      id: (pool) => toGlobalId('Pool', pool.id),
      team: (pool, _args, ctx) => required(ctx, 'Team', pool.teamId),
      devices: (pool, args, ctx) =>
        ctx.read((tx) =>
          listRows(
            tx,
            DeviceEntity,
            args,
            BY_NAME,
            (query) => void query.where('listed.pool_id = :id', { id: pool.id }),
          ),
        ),
      targets: async (pool, _args, ctx) => (await targetsOfPool(ctx, pool.id)) ?? [],
      grants: (pool, _args, ctx) => ctx.read((tx) => grantsOf(tx, pool.id)),
      maintenance: (pool, _args, ctx) => ctx.read((tx) => windowsOf(tx, pool.id)),
      usage: async (pool, { days }, ctx) => {
        const rows = await ctx.read((tx) => usageOf(tx, pool.id, days));
        return Promise.all(
          rows.map(async ({ teamId, ...use }) => ({ ...use, team: await required(ctx, 'Team', teamId) })),
        );
      },
    },
    PoolGrant: {
      id: (grant) => toGlobalId('PoolGrant', grant.id),
      pool: (grant, _args, ctx) => required(ctx, 'Pool', grant.poolId),
      team: (grant, _args, ctx) => required(ctx, 'Team', grant.granteeId),
      quotaDeviceSecondsPerDay: (grant) => grant.quotaSeconds,
    },
    MaintenanceWindow: {
      id: (window) => toGlobalId('MaintenanceWindow', window.id),
      pool: (window, _args, ctx) => required(ctx, 'Pool', window.poolId),
      device: (window, _args, ctx) =>
        window.deviceId === null ? null : required(ctx, 'Device', window.deviceId),
    },
    DeviceActivity: {
      device: (device) => device,
      status: (device, _args, ctx) => statusOf(ctx, device),
      activity: (device, _args, ctx) => activityFor(ctx, device),
      team: (device, _args, ctx) => servingTeamFor(ctx, device),
      // Since when another team is served is that team's business, and the owner's.
      since: (device, _args, ctx) =>
        [device.teamId, device.servingTeamId].includes(teamOf(ctx))
          ? (device.servingSince?.toISOString() ?? null)
          : null,
    },
    Mutation: {
      createPool: async (_root, { input }, ctx) => ({ pool: await createPool(ctx, input) }),
      renamePool: async (_root, { input }, ctx) => ({ pool: await renamePool(ctx, input) }),
      grantPool: async (_root, { input }, ctx) => ({ grant: await grantPool(ctx, input) }),
      revokeGrant: async (_root, { input }, ctx) => ({ pool: await revokeGrant(ctx, input.grantId) }),
      scheduleMaintenance: async (_root, { input }, ctx) => ({
        maintenance: await scheduleMaintenance(ctx, input),
      }),
      cancelMaintenance: async (_root, { input }, ctx) => ({
        pool: await cancelMaintenance(ctx, input.maintenanceId),
      }),
      quarantineDevice: async (_root, { input }, ctx) => ({ device: await quarantineDevice(ctx, input) }),
      releaseDevice: async (_root, { input }, ctx) => ({ device: await releaseDevice(ctx, input.deviceId) }),
      removeDevice: async (_root, { input }, ctx) => ({ pool: await removeDevice(ctx, input.deviceId) }),
    },
    Subscription: {
      poolActivity: {
        subscribe: (_root, { id }, ctx) => {
          authorise(ctx, 'DEVICES_READ');
          return poolActivity(ctx, uuidOf('Pool', id, 'id'));
        },
      },
    },
  };
}
