import type { DeviceProfileResolvers, Resolvers } from '../../graphql/generated/resolvers.js';
import { checkedInteger, checkedSeed } from '../../graphql/input-checks.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { buildableSpace } from '../spaces/index.js';
import { granteesOf, newerVersion, pinOf } from './card-loaders.js';
import { compareProfiles } from './compare-profiles.js';
import { efficiencyOf } from './efficiency.js';
import { forkProfile } from './fork-profile.js';
import { importProfile } from './import-profile.js';
import { startableMethods } from './methods.js';
import { defaultProfile, setPin } from './pins.js';
import { finite } from './results.js';
import { samplesPath } from './samples.js';
import { shareProfile } from './share-profile.js';
import { askedOptions, planned } from './start-profile.js';
import { shownOptions, transferProfile } from './transfer-profile.js';

/** A profile with all that is needed to judge and to repeat it, and what teams do with it. */
export function cardResolvers(platform: Platform): Resolvers {
  return {
    DeviceProfile: deviceProfile(platform),
    ProfileQuality: {
      uncorrected: ({ uncorrected }) => uncorrected ?? null,
      heldOut: ({ heldOut }) => heldOut ?? [],
    },
    ProfileComparison: {
      count: ({ comparison }) => comparison.count,
      spearman: ({ comparison }) => finite(comparison.spearman),
      kendallTau: ({ comparison }) => finite(comparison.kendallTau),
      medianRatio: ({ comparison }) => finite(comparison.medianRatio),
      ratios: ({ comparison }) => comparison.ratios.map((layer) => [...layer]),
      movers: ({ comparison }, { first }) =>
        comparison.movers.slice(0, checkedInteger('first', first, 1, 100)),
    },
    Query: {
      compareProfiles: (_root, ids, ctx) => compareProfiles(ctx, ids),
      defaultProfile: (_root, { spaceId, targetId }, ctx) => {
        const space = uuidOf('SearchSpace', spaceId, 'spaceId');
        const target = targetId == null ? null : uuidOf('HardwareTarget', targetId, 'targetId');
        return ctx.read((tx) => defaultProfile(tx, { spaceId: space, targetId: target }));
      },
      profilingMethods: () => [...startableMethods],
      profilePlan: async (_root, { spaceVersionId, method, options: asked, seed }, ctx) => {
        const id = uuidOf('SpaceVersion', spaceVersionId, 'spaceVersionId');
        const version = await ctx.load('SpaceVersion', id);
        if (!version) throw notFound('SpaceVersion');
        const options = { ...askedOptions('options', asked), seed: checkedSeed('seed', seed) };
        const { space } = await buildableSpace(platform.blobs, version);
        const { subjects, estimatedSeconds } = planned(space, method, options);
        return { measurementCount: subjects.length, estimatedSeconds };
      },
    },
    Mutation: {
      shareProfile: async (_root, { input }, ctx) => ({ deviceProfile: await shareProfile(ctx, input) }),
      pinProfile: async (_root, { input }, ctx) => ({
        deviceProfile: await setPin(ctx, input.deviceProfileId, true),
      }),
      unpinProfile: async (_root, { input }, ctx) => ({
        deviceProfile: await setPin(ctx, input.deviceProfileId, false),
      }),
      forkProfile: async (_root, { input }, ctx) => ({ deviceProfile: await forkProfile(ctx, input) }),
      importProfile: async (_root, { input }, ctx) => ({ deviceProfile: await importProfile(ctx, input) }),
      transferProfile: async (_root, { input }, ctx) => ({
        profileRun: await transferProfile(platform, ctx, input),
      }),
    },
  };
}

const deviceProfile = (platform: Platform): DeviceProfileResolvers => ({
  id: (profile) => toGlobalId('DeviceProfile', profile.id),
  space: async (profile, _args, ctx) => {
    const version = await required(ctx, 'SpaceVersion', profile.spaceVersionId);
    return required(ctx, 'SearchSpace', version.spaceId);
  },
  spaceVersion: (profile, _args, ctx) => required(ctx, 'SpaceVersion', profile.spaceVersionId),
  target: (profile, _args, ctx) => required(ctx, 'HardwareTarget', profile.targetId),
  team: (profile, _args, ctx) => required(ctx, 'Team', profile.teamId),
  supersededBy: async (profile, _args, ctx) => {
    const newer = await newerVersion(ctx, profile.id);
    return newer === null ? null : ctx.load('DeviceProfile', newer);
  },
  parent: (profile, _args, ctx) =>
    profile.parentId === null ? null : ctx.load('DeviceProfile', profile.parentId),
  overrides: ({ overrides }) => [...overrides],
  pinned: async (profile, _args, ctx) => (await pinOf(ctx, profile.id)) ?? false,
  sharedWith: async (profile, _args, ctx) =>
    Promise.all(((await granteesOf(ctx, profile.id)) ?? []).map(({ id }) => required(ctx, 'Team', id))),
  latencyMs: ({ latencyTable }) => copyOf(latencyTable.layers),
  uncorrectedMs: ({ latencyTable }) => copyOf(latencyTable.uncorrected?.layers ?? latencyTable.layers),
  intervalMs: ({ latencyTable: { intervalMs } }) =>
    intervalMs ? { low: copyOf(intervalMs.low), high: copyOf(intervalMs.high) } : null,
  interceptMs: ({ latencyTable }) => latencyTable.interceptMs ?? null,
  isolatedMs: ({ latencyTable }) => latencyTable.isolated && copyOf(latencyTable.isolated),
  efficiency: async (profile, _args, ctx) => {
    const version = await required(ctx, 'SpaceVersion', profile.spaceVersionId);
    return efficiencyOf((await buildableSpace(platform.blobs, version)).space, profile.latencyTable.layers);
  },
  fixedMs: ({ latencyTable }) => latencyTable.fixedMs,
  estimator: ({ latencyTable }) => latencyTable.estimator,
  options: ({ options }) => options && shownOptions(options),
  referenceReadings: ({ referenceReadings }) => [...referenceReadings],
  unstable: ({ unstable }) => [...unstable],
  samplesPath,
  run: (profile, _args, ctx) => (profile.profileRunId ? ctx.load('ProfileRun', profile.profileRunId) : null),
});

const copyOf = (table: readonly (readonly number[])[]): number[][] => table.map((layer) => [...layer]);
