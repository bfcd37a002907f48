import type { BlockCost } from '@espalier/nas/graph';
import { layersOf, parseSpaceDocument, type SearchSpace } from '@espalier/nas/space';
import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { checkedNumber } from '../../graphql/input-checks.js';
import { listRows } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import { ComparisonEntity } from '../searches/entities.js';
import { packColumns } from '../searches/index.js';
import { LeaderboardEntity, type LeaderboardEntryView, type LeaderboardRow } from './entities.js';
import { publishSearch } from './publish-search.js';
import { standingOf, type Standing } from './standing.js';
import { networkCost } from './network-cost.js';

export const leaderboardsResolvers: Resolvers = {
  Query: {
    leaderboards: (_root, args, ctx) =>
      ctx.read((tx) => listRows(tx, LeaderboardEntity, args, NEWEST_CHANGE_FIRST)),
    leaderboard: (_root, { id }, ctx) => ctx.load('Leaderboard', uuidOf('Leaderboard', id, 'id')),
  },
  Leaderboard: {
    id: (board) => toGlobalId('Leaderboard', board.id),
    title: async (board, _args, ctx) => {
      const [space, target] = await Promise.all([
        required(ctx, 'SearchSpace', board.spaceId),
        required(ctx, 'HardwareTarget', board.targetId),
      ]);
      return `${space.name} on ${target.name}`;
    },
    task: (board, _args, ctx) => required(ctx, 'Task', board.taskId),
    target: (board, _args, ctx) => required(ctx, 'HardwareTarget', board.targetId),
    space: (board, _args, ctx) => required(ctx, 'SearchSpace', board.spaceId),
    frontier: async (board, { maxLatencyMs, minAccuracy }, ctx) => {
      const slowest = maxLatencyMs == null ? Infinity : checkedNumber('maxLatencyMs', maxLatencyMs, 0, 1e9);
      const least = minAccuracy == null ? -Infinity : checkedNumber('minAccuracy', minAccuracy, -1e9, 1e9);
      const { frontier } = await standing(ctx, board);
      return frontier.filter((entry) => entry.predictedMs <= slowest && entry.accuracy >= least);
    },
    cloud: async (board, _args, ctx) => {
      const rows = await ctx.read((tx) =>
        tx.query<{ architecture_index: string; accuracy: number; predicted_ms: number }[]>(
          `select distinct on (architecture_index) architecture_index, accuracy, predicted_ms
           from leaderboard_points where leaderboard_id = $1 order by architecture_index`,
          [board.id],
        ),
      );
      return packColumns(
        rows.map((r) => ({
          architectureIndex: Number(r.architecture_index),
          accuracy: r.accuracy,
          latencyMs: r.predicted_ms,
        })),
      );
    },
    runCount: async (board, _args, ctx) => (await standing(ctx, board)).runCount,
    teamCount: async (board, _args, ctx) => (await standing(ctx, board)).teamCount,
    hypervolume: async (board, _args, ctx) => (await standing(ctx, board)).hypervolume,
    predictionMape: async (board, _args, ctx) => (await standing(ctx, board)).predictionMape,
    comparison: (board, _args, ctx) =>
      ctx.read((tx) =>
        tx
          .getRepository(ComparisonEntity)
          .createQueryBuilder('comparison')
          .innerJoin('hardware_targets', 'target', 'target.id = comparison.target_id')
          .where(
            'comparison.space_id = :spaceId and comparison.task_id = :taskId and target.fingerprint = :fingerprint',
            {
              spaceId: board.spaceId,
              taskId: board.taskId,
              fingerprint: board.targetFingerprint,
            },
          )
          .orderBy('comparison.created_at', 'DESC')
          .limit(1)
          .getOne(),
      ),
  },
  LeaderboardEntry: {
    id: (entry) => toGlobalId('LeaderboardEntry', entry.id),
    choices: async (entry, _args, ctx) => {
      const layers = layersOf(await spaceOf(ctx, entry));
      return entry.encoding.map((choice, layer) => layers[layer]?.choices[choice]?.label ?? String(choice));
    },
    paramCount: async (entry, _args, ctx) => (await costOf(ctx, entry)).params,
    macs: async (entry, _args, ctx) => (await costOf(ctx, entry)).macs,
    team: (entry, _args, ctx) => required(ctx, 'Team', entry.teamId),
    run: (entry, _args, ctx) => ctx.load('SearchRun', entry.searchRunId),
    profile: (entry, _args, ctx) => ctx.load('DeviceProfile', entry.deviceProfileId),
    measurement: (entry, _args, ctx) =>
      entry.measurementId ? ctx.load('Measurement', entry.measurementId) : null,
  },
  Mutation: {
    publishSearch: async (_root, { input }, ctx) => ({ leaderboard: await publishSearch(ctx, input) }),
  },
};

const NEWEST_CHANGE_FIRST = {
  columns: [
    { name: 'updated_at', type: 'timestamptz' },
    { name: 'id', type: 'uuid' },
  ],
  descending: true,
} as const;

/** One read of a leaderboard serves all of its fields in a request. */
const standings = new WeakMap<RequestContext, Map<string, Promise<Standing>>>();

function standing(ctx: RequestContext, board: LeaderboardRow): Promise<Standing> {
  const known = standings.get(ctx) ?? new Map<string, Promise<Standing>>();
  standings.set(ctx, known);
  let read = known.get(board.id);
  if (!read) {
    read = ctx.read((tx) => standingOf(tx, board.id));
    known.set(board.id, read);
  }
  return read;
}

async function spaceOf(ctx: RequestContext, entry: LeaderboardEntryView): Promise<SearchSpace> {
  const profile = await required(ctx, 'DeviceProfile', entry.deviceProfileId);
  const version = await required(ctx, 'SpaceVersion', profile.spaceVersionId);
  return parseSpaceDocument(version.document).space;
}

const costOf = async (ctx: RequestContext, entry: LeaderboardEntryView): Promise<BlockCost> =>
  networkCost(await spaceOf(ctx, entry), entry.encoding);
