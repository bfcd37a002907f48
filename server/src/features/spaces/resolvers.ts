import { inputShape } from '@espalier/nas/space';
import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { BY_NAME, listRows, NEWEST_FIRST } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import {
  SearchSpaceEntity,
  SpaceVersionEntity,
  type SearchSpaceRow,
  type SpaceVersionRow,
} from './entities.js';
import { buildableSpace } from './buildable-space.js';
import { checkUpload } from './check-upload.js';
import { exportArchitecture, type TrainedWeights } from './export-architecture.js';
import { exportSpace } from './export-space.js';
import { parsedSpace } from './parsed-space.js';
import type { UploadsOf } from './read-upload.js';
import { shapeList, stagesOf, storeysOf } from './structure.js';
import { createSearchSpace, createSearchSpaceVersion } from './service.js';

/** The trained weights of an accuracy source, by its UUID. */
export type TrainedWeightsOf = (ctx: RequestContext, accuracySourceId: string) => Promise<TrainedWeights>;

export function spacesResolvers(
  { blobs }: Platform,
  trainedWeightsOf: TrainedWeightsOf,
  uploadsOf: UploadsOf,
): Resolvers {
  return {
    Query: {
      searchSpaces: (_root, args, ctx) => ctx.read((tx) => listRows(tx, SearchSpaceEntity, args, BY_NAME)),
      searchSpace: (_root, { team, name }, ctx) =>
        ctx.read((tx) =>
          tx
            .getRepository(SearchSpaceEntity)
            .createQueryBuilder('space')
            .innerJoin('teams', 'team', 'team.id = space.team_id')
            .where('team.slug = :team and space.name = :name', { team, name })
            .getOne(),
        ),
      exportArchitecture: async (
        _root,
        { spaceVersionId, encoding, format, accuracySourceId, onnx },
        ctx,
      ) => {
        const version = await versionOf(ctx, spaceVersionId);
        const source =
          accuracySourceId == null ? null : uuidOf('AccuracySource', accuracySourceId, 'accuracySourceId');
        const trained = source === null ? null : await trainedWeightsOf(ctx, source);
        const parsed = await buildableSpace(blobs, version);
        return exportArchitecture(parsed, { encoding, format, onnx: onnx ?? null, trained });
      },
      checkSearchSpace: (_root, { text }, ctx) => checkUpload(ctx, uploadsOf, text),
      exportSpace: async (_root, { spaceVersionId, format }, ctx) =>
        exportSpace(await versionOf(ctx, spaceVersionId), format),
    },
    SearchSpace: {
      id: (space) => toGlobalId('SearchSpace', space.id),
      team: (space, _args, ctx) => required(ctx, 'Team', space.teamId),
      currentVersion: (space, _args, ctx) => currentVersion(ctx, space),
      versions: (space, args, ctx) =>
        ctx.read((tx) =>
          listRows(
            tx,
            SpaceVersionEntity,
            args,
            NEWEST_FIRST,
            (query) => void query.where('listed.space_id = :id', { id: space.id }),
          ),
        ),
      versionCount: (space, _args, ctx) =>
        ctx.read((tx) => tx.getRepository(SpaceVersionEntity).countBy({ spaceId: space.id })),
    },
    SpaceVersion: {
      id: (version) => toGlobalId('SpaceVersion', version.id),
      space: (version, _args, ctx) => required(ctx, 'SearchSpace', version.spaceId),
      contentHash: (version) => version.contentHash.toString('hex'),
      inputShape: (version) => shapeList(inputShape(parsedSpace(version).space)),
      stages: async (version) => stagesOf(await buildableSpace(blobs, version)),
      storeys: storeysOf,
      parent: (version, _args, ctx) => (version.parentId ? ctx.load('SpaceVersion', version.parentId) : null),
    },
    Mutation: {
      createSearchSpace: async (_root, { input }, ctx) => ({
        space: await createSearchSpace(ctx, uploadsOf, input),
      }),
      createSearchSpaceVersion: async (_root, { input }, ctx) => ({
        version: await createSearchSpaceVersion(ctx, uploadsOf, input),
      }),
    },
  };
}

const versionOf = (ctx: RequestContext, spaceVersionId: string): Promise<SpaceVersionRow> =>
  required(ctx, 'SpaceVersion', uuidOf('SpaceVersion', spaceVersionId, 'spaceVersionId'));

async function currentVersion(ctx: RequestContext, space: SearchSpaceRow): Promise<SpaceVersionRow> {
  const version = await ctx.read((tx) =>
    tx
      .getRepository(SpaceVersionEntity)
      .createQueryBuilder('version')
      .where(
        "version.space_id = :id and version.pruning is null and not jsonb_exists(version.document, 'kept')",
        {
          id: space.id,
        },
      )
      .orderBy('version.created_at', 'DESC')
      .addOrderBy('version.id', 'DESC')
      .limit(1)
      .getOne(),
  );
  if (!version) throw notFound('SpaceVersion');
  return version;
}
