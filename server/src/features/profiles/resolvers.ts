import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { listRows, NEWEST_FIRST, type ListOrder } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { progressOf } from '../../graphql/progress.js';
import { required } from '../../graphql/required.js';
import { authorise } from '../../platform/authorise.js';
import type { Platform } from '../../platform/platform.js';
import { efficiencyOf } from './efficiency.js';
import { DeviceProfileEntity, MeasurementEntity, ProfileRunEntity, type ProfileRunRow } from './entities.js';
import { profileOfRun, roundsOf, runCounts } from './loaders.js';
import { cancelProfile, shareProfile } from './manage-profiles.js';
import { measureModel } from './measure-model.js';
import { measureArchitectures, startProfile } from './start-profile.js';
import { buildableSpace } from '../spaces/index.js';
import { waitingFor } from './waiting-for.js';

const AS_PLANNED: ListOrder = { columns: [{ name: 'ordinal', type: 'int' }], descending: false };

export function profilesResolvers(platform: Platform): Resolvers {
  return {
    Query: {
      deviceProfiles: (_root, { spaceId, ...args }, ctx) => {
        const id = spaceId == null ? null : uuidOf('SearchSpace', spaceId, 'spaceId');
        return ctx.read((tx) =>
          listRows(tx, DeviceProfileEntity, args, NEWEST_FIRST, (query) => {
            if (id)
              query.where(
                'listed.space_version_id in (select v.id from space_versions v where v.space_id = :id)',
                { id },
              );
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
    DeviceProfile: {
      id: (profile) => toGlobalId('DeviceProfile', profile.id),
      space: async (profile, _args, ctx) => {
        const version = await required(ctx, 'SpaceVersion', profile.spaceVersionId);
        return required(ctx, 'SearchSpace', version.spaceId);
      },
      spaceVersion: (profile, _args, ctx) => required(ctx, 'SpaceVersion', profile.spaceVersionId),
      target: (profile, _args, ctx) => required(ctx, 'HardwareTarget', profile.targetId),
      team: (profile, _args, ctx) => required(ctx, 'Team', profile.teamId),
      latencyMs: ({ latencyTable }) => copyOf(latencyTable.layers),
      isolatedMs: ({ latencyTable }) => latencyTable.isolated && copyOf(latencyTable.isolated),
      efficiency: async (profile, _args, ctx) => {
        const version = await required(ctx, 'SpaceVersion', profile.spaceVersionId);
        return efficiencyOf(
          (await buildableSpace(platform.blobs, version)).space,
          profile.latencyTable.layers,
        );
      },
      fixedMs: ({ latencyTable }) => latencyTable.fixedMs,
      estimator: ({ latencyTable }) => latencyTable.estimator,
      run: (profile, _args, ctx) =>
        profile.profileRunId ? ctx.load('ProfileRun', profile.profileRunId) : null,
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
      shareProfile: async (_root, { input }, ctx) => ({ deviceProfile: await shareProfile(ctx, input) }),
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

const copyOf = (table: readonly (readonly number[])[]): number[][] => table.map((layer) => [...layer]);
