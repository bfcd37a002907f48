import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { listRows, NEWEST_FIRST, type ListOrder } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { progressOf } from '../../graphql/progress.js';
import { required } from '../../graphql/required.js';
import { authorise } from '../../platform/authorise.js';
import type { Platform } from '../../platform/platform.js';
import { DeviceProfileEntity, MeasurementEntity, ProfileRunEntity, type ProfileRunRow } from './entities.js';
import { profileOfRun, roundsOf, runCounts } from './loaders.js';
import { cancelProfile } from './cancel-profile.js';
import { measureModel } from './measure-model.js';
import { measureArchitectures, startProfile } from './start-profile.js';
import { shownOptions } from './transfer-profile.js';
import { waitingFor } from './waiting-for.js';

const AS_PLANNED: ListOrder = { columns: [{ name: 'ordinal', type: 'int' }], descending: false };

export function profilesResolvers(platform: Platform): Resolvers {
  return {
    Query: {
      deviceProfiles: (_root, { spaceId, targetId, team, ...args }, ctx) => {
        const space = spaceId == null ? null : uuidOf('SearchSpace', spaceId, 'spaceId');
        const target = targetId == null ? null : uuidOf('HardwareTarget', targetId, 'targetId');
        return ctx.read((tx) =>
          listRows(tx, DeviceProfileEntity, args, NEWEST_FIRST, (query) => {
            if (space)
              query.andWhere(
                'listed.space_version_id in (select v.id from space_versions v where v.space_id = :space)',
                { space },
              );
            if (target)
              query.andWhere(
                `listed.target_id in (select t.id from hardware_targets t
                   where t.fingerprint = (select fingerprint from hardware_targets where id = :target))`,
                { target },
              );
            if (team != null)
              query.andWhere('listed.team_id in (select id from teams where slug = :team)', { team });
          }),
        );
      },
      profileRuns: (_root, args, ctx) => {
        const teamId = authorise(ctx, 'PROFILES_READ');
        return ctx.read((tx) =>
          listRows(
            tx,
            ProfileRunEntity,
            args,
            NEWEST_FIRST,
            (query) => void query.where('listed.team_id = :teamId', { teamId }),
          ),
        );
      },
    },
    ProfileRun: {
      id: (run) => toGlobalId('ProfileRun', run.id),
      spaceVersion: (run, _args, ctx) =>
        run.spaceVersionId === null ? null : required(ctx, 'SpaceVersion', run.spaceVersionId),
      model: (run, _args, ctx) => (run.modelId === null ? null : required(ctx, 'Model', run.modelId)),
      target: (run, _args, ctx) => required(ctx, 'HardwareTarget', run.targetId),
      options: ({ options }) => shownOptions(options),
      waitingFor: (run, _args, ctx) => waitingFor(ctx, run),
      doneCount: async (run, _args, ctx) => (await runCounts(ctx, run.id))?.done ?? 0,
      failedCount: async (run, _args, ctx) => (await runCounts(ctx, run.id))?.failed ?? 0,
      unstableCount: async (run, _args, ctx) => (await runCounts(ctx, run.id))?.unstable ?? 0,
      deviceProfile: (run, _args, ctx) => profileOfRun(ctx, run.id),
      measurements: (run, args, ctx) =>
        ctx.read((tx) =>
          listRows(
            tx,
            MeasurementEntity,
            args,
            AS_PLANNED,
            (query) => void query.where('listed.profile_run_id = :id', { id: run.id }),
          ),
        ),
    },
    Measurement: {
      id: (measurement) => toGlobalId('Measurement', measurement.id),
      device: (measurement, _args, ctx) =>
        measurement.deviceId ? ctx.load('Device', measurement.deviceId) : null,
      floorIntervalMs: ({ floorLowMs, floorHighMs }) =>
        floorLowMs === null || floorHighMs === null ? null : [floorLowMs, floorHighMs],
      rounds: (measurement, _args, ctx) => roundsOf(ctx, measurement.id),
    },
    Mutation: {
      startProfile: async (_root, { input }, ctx) => ({
        profileRun: await startProfile(platform, ctx, input),
      }),
      cancelProfile: async (_root, { input }, ctx) => ({
        profileRun: await cancelProfile(platform, ctx, input.profileRunId),
      }),
      measureArchitectures: async (_root, { input }, ctx) => ({
        profileRun: await measureArchitectures(ctx, input),
      }),
      measureModel: async (_root, { input }, ctx) => ({ profileRun: await measureModel(ctx, input) }),
    },
    Subscription: {
      profileProgress: {
        subscribe: (_root, { id }, ctx) => {
          const uuid = uuidOf('ProfileRun', id, 'id');
          return progressOf(platform.events, 'ProfileRun', uuid, 'profileProgress', () =>
            standingOf(ctx, uuid),
          );
        },
      },
    },
  };
}

/** The campaign as it stands, when the caller may still see it; asked again at each step. */
function standingOf(
  ctx: RequestContext,
  id: string,
): Promise<{ status: ProfileRunRow['status']; done: number; total: number } | null> {
  return ctx.read(async (tx) => {
    const [standing] = await tx.query<{ status: ProfileRunRow['status']; done: number; total: number }[]>(
      `select status, measurement_count as total, measurement_count - open_count as done from profile_runs where id = $1`,
      [id],
    );
    return standing ?? null;
  });
}
