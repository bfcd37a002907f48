import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { BY_NAME, listRows } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { authorise } from '../../platform/authorise.js';
import type { Platform } from '../../platform/platform.js';
import { leaseMeasurements, reportMeasurements } from '../profiles/index.js';
import { DeviceEntity, HardwareTargetEntity, PoolEntity, type HardwareTargetRow } from './entities.js';
import { heartbeat } from './heartbeat.js';
import { createPairingCode, createPool } from './pools.js';
import { registerDevice } from './register-device.js';

/** A device that was not heard from for this long counts as offline. Agents send a heartbeat every ten seconds. */
const ONLINE_MS = 60_000;

export function devicesResolvers(platform: Platform): Resolvers {
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
      devices: (_root, args, ctx) => {
        const teamId = authorise(ctx, 'DEVICES_READ');
        return ctx.read((tx) =>
          listRows(
            tx,
            DeviceEntity,
            args,
            BY_NAME,
            (query) => void query.where('listed.team_id = :teamId', { teamId }),
          ),
        );
      },
      hardwareTargets: (_root, _args, ctx) => targetsInUse(ctx),
    },
    HardwareTarget: { id: (target) => toGlobalId('HardwareTarget', target.id) },
    Pool: {
      id: (pool) => toGlobalId('Pool', pool.id),
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
    },
    Device: {
      id: (device) => toGlobalId('Device', device.id),
      pool: (device, _args, ctx) => required(ctx, 'Pool', device.poolId),
      target: (device, _args, ctx) => required(ctx, 'HardwareTarget', device.targetId),
      status: ({ lastSeenAt }) =>
        lastSeenAt && Date.now() - lastSeenAt.getTime() <= ONLINE_MS ? 'ONLINE' : 'OFFLINE',
    },
    MeasurementLease: { target: (lease) => lease.target },
    Mutation: {
      createPool: async (_root, { input }, ctx) => ({ pool: await createPool(ctx, input) }),
      createPairingCode: async (_root, { input }, ctx) => {
        const { code, expiresAt } = await createPairingCode(ctx, input.poolId);
        return { code, expiresAt: expiresAt.toISOString() };
      },
      registerDevice: (_root, { input }, ctx) => registerDevice(ctx, input),
      heartbeat: (_root, { input }, ctx) => heartbeat(ctx, input),
      leaseMeasurements: async (_root, { input }, ctx) => {
        const { leases, retryAfterSeconds } = await leaseMeasurements(platform, ctx, input.count);
        return {
          retryAfterSeconds,
          leases: leases.map(({ measurementId, expiresAt, ...lease }) => ({
            ...lease,
            measurementId: toGlobalId('Measurement', measurementId),
            expiresAt: expiresAt.toISOString(),
          })),
        };
      },
      reportMeasurements: async (_root, { input }, ctx) => {
        const reports = input.reports.map((report, i) => ({
          ...report,
          measurementId: uuidOf('Measurement', report.measurementId, `input.reports[${i}].measurementId`),
        }));
        const outcomes = await reportMeasurements(platform, ctx, reports);
        return {
          results: reports.map(({ measurementId }) => ({
            measurementId: toGlobalId('Measurement', measurementId),
            outcome: outcomes.get(measurementId) ?? 'LEASE_LOST',
          })),
        };
      },
    },
  };
}

/** Targets that the team has devices or profiles of: few, so they are not paged. */
function targetsInUse(ctx: RequestContext): Promise<HardwareTargetRow[]> {
  const teamId = authorise(ctx, 'DEVICES_READ');
  return ctx.read((tx) =>
    tx
      .getRepository(HardwareTargetEntity)
      .createQueryBuilder('target')
      .where('target.team_id = :teamId', { teamId })
      .andWhere(
        `(exists (select from devices d where d.target_id = target.id)
          or exists (select from device_profiles p where p.target_id = target.id))`,
      )
      .orderBy('target.name')
      .addOrderBy('target.id')
      .getMany(),
  );
}
