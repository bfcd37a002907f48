import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { BY_NAME, listRows } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { authorise } from '../../platform/authorise.js';
import type { Platform } from '../../platform/platform.js';
import { leaseMeasurements, reportMeasurements } from '../profiles/index.js';
import { statusOf } from './device-status.js';
import { DeviceEntity, HardwareTargetEntity, type HardwareTargetRow } from './entities.js';
import { heartbeat } from './heartbeat.js';
import { createPairingCode } from './pools.js';
import { registerDevice } from './register-device.js';
import { targetsOfDevice } from './targets-of-device.js';
import { updateDevice } from './update-device.js';
import { activityFor, servingTeamFor } from './what-it-does.js';
import { warningsOf } from './warnings.js';

export function devicesResolvers(platform: Platform): Resolvers {
  return {
    Query: {
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
    Device: {
      id: (device) => toGlobalId('Device', device.id),
      pool: (device, _args, ctx) => required(ctx, 'Pool', device.poolId),
      targets: async (device, _args, ctx) => (await targetsOfDevice(ctx, device.id)) ?? [],
      status: (device, _args, ctx) => statusOf(ctx, device),
      quarantine: ({ quarantinedAt, quarantineReason, quarantinedByServer }) =>
        quarantinedAt && {
          reason: quarantineReason ?? '',
          since: quarantinedAt.toISOString(),
          automatic: quarantinedByServer,
        },
      warnings: async (device, _args, ctx) => (await warningsOf(ctx, device.id)) ?? [],
      activity: (device, _args, ctx) => activityFor(ctx, device),
      servingTeam: (device, _args, ctx) => servingTeamFor(ctx, device),
    },
    MeasurementLease: { target: (lease) => lease.target },
    Mutation: {
      createPairingCode: async (_root, { input }, ctx) => {
        const { code, expiresAt } = await createPairingCode(ctx, input.poolId);
        return { code, expiresAt: expiresAt.toISOString() };
      },
      registerDevice: (_root, { input }, ctx) => registerDevice(ctx, input),
      updateDevice: async (_root, { input }, ctx) => ({ device: await updateDevice(ctx, input) }),
      heartbeat: (_root, { input }, ctx) => heartbeat(ctx, input),
      leaseMeasurements: async (_root, { input }, ctx) => {
        const { leases, spaces, pause, retryAfterSeconds } = await leaseMeasurements(
          platform,
          ctx,
          input.count,
        );
        return {
          retryAfterSeconds,
          pause,
          spaces: spaces.map(({ spaceVersionId, document }) => ({
            spaceVersionId: toGlobalId('SpaceVersion', spaceVersionId),
            document,
          })),
          leases: leases.map(({ measurementId, spaceVersionId, expiresAt, ...lease }) => ({
            ...lease,
            spaceVersionId: spaceVersionId && toGlobalId('SpaceVersion', spaceVersionId),
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
        `(exists (select from device_targets d where d.target_id = target.id)
          or exists (select from device_profiles p where p.target_id = target.id))`,
      )
      .orderBy('target.name')
      .addOrderBy('target.id')
      .getMany(),
  );
}
