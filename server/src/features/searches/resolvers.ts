import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { listRows, NEWEST_FIRST } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { progressOf } from '../../graphql/progress.js';
import { perRequest } from '../../graphql/per-request.js';
import { required } from '../../graphql/required.js';
import { authorise } from '../../platform/authorise.js';
import type { Platform } from '../../platform/platform.js';
import { SearchRunEntity, type SearchRunRow } from './entities.js';
import { askedTrialFields, externalRunFields, trainerMutations } from './external/resolvers.js';
import { resumeSearch, stopSearch } from './change-search.js';
import { samplerFields, samplers } from './samplers/views.js';
import { startSearch } from './start-search.js';
import { frontiersOf, trialColumnsOf } from './trials.js';

/** Frontiers of many runs in one statement. */
const frontierOfRun = perRequest(frontiersOf);

export function searchesResolvers(platform: Platform): Resolvers {
  return {
    Query: {
      searchRuns: (_root, args, ctx) => {
        const teamId = authorise(ctx, 'SEARCHES_READ');
        const version =
          args.spaceVersionId == null ? null : uuidOf('SpaceVersion', args.spaceVersionId, 'spaceVersionId');
        return ctx.read((tx) =>
          listRows(tx, SearchRunEntity, args, NEWEST_FIRST, (query) => {
            query.where('listed.team_id = :teamId', { teamId });
            if (version) query.andWhere('listed.space_version_id = :version', { version });
          }),
        );
      },
      samplers,
    },
    SearchRun: {
      id: (run) => toGlobalId('SearchRun', run.id),
      spaceVersion: (run, _args, ctx) => required(ctx, 'SpaceVersion', run.spaceVersionId),
      deviceProfile: (run, _args, ctx) => required(ctx, 'DeviceProfile', run.deviceProfileId),
      accuracySource: (run, _args, ctx) => required(ctx, 'AccuracySource', run.accuracySourceId),
      frontier: async (run, _args, ctx) => {
        const trials = (await frontierOfRun(ctx, run.id)) ?? [];
        if (trials.length === 0) return [];
        return trials.map((trial) => ({
          ...trial,
          encoding: [...trial.architecture],
        }));
      },
      trialColumns: (run, _args, ctx) => ctx.read((tx) => trialColumnsOf(tx, run.id)),
      ...externalRunFields,
      ...samplerFields,
    },
    AskedTrial: askedTrialFields,
    Mutation: {
      startSearch: async (_root, { input }, ctx) => ({ searchRuns: await startSearch(platform, ctx, input) }),
      stopSearch: async (_root, { input }, ctx) => ({
        searchRun: await stopSearch(platform, ctx, input.searchRunId),
      }),
      resumeSearch: async (_root, { input }, ctx) => ({
        searchRun: await resumeSearch(platform, ctx, input.searchRunId),
      }),
      ...trainerMutations(platform),
    },
    Subscription: {
      searchProgress: {
        subscribe: (_root, { id }, ctx) => {
          const uuid = uuidOf('SearchRun', id, 'id');
          return progressOf(platform.events, 'SearchRun', uuid, 'searchProgress', () => ownRun(ctx, uuid));
        },
      },
    },
  };
}

/** The run as it stands, when the caller may still see it; asked again at each step. */
async function ownRun(
  ctx: RequestContext,
  id: string,
): Promise<{ status: SearchRunRow['status']; done: number; total: number } | null> {
  const run = await ctx.read((tx) => tx.getRepository(SearchRunEntity).findOneBy({ id }));
  return run && { status: run.status, done: run.evaluations, total: run.budget };
}
