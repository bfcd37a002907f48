import type { BlockCost } from '@espalier/nas/graph';
import { positionsOf } from '@espalier/nas/space';
import { In } from 'typeorm';
import type { RequestContext } from '../../graphql/context.js';
import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { checkedNumber } from '../../graphql/input-checks.js';
import { listRows, rowsById } from '../../graphql/listing.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { perRequest } from '../../graphql/per-request.js';
import { required } from '../../graphql/required.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { HardwareTargetEntity, type HardwareTargetRow } from '../devices/entities.js';
import { ComparisonEntity, type ComparisonRow } from '../comparisons/entities.js';
import { packedColumns } from '../searches/index.js';
import { LeaderboardEntity, type LeaderboardEntryView, type LeaderboardRow } from './entities.js';
import { publishSearch } from './publish-search.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import { buildableSpace } from '../spaces/index.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { networkCost } from '../spaces/network-cost.js';
import { standingsOf, type Standing } from './standing.js';

export const leaderboardsResolvers = ({ blobs }: Platform): Resolvers => ({
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
        targetOf(ctx, board),
      ]);
      return `${space.name} on ${target.name}`;
    },
    task: (board, _args, ctx) => required(ctx, 'Task', board.taskId),
    target: (board, _args, ctx) => targetOf(ctx, board),
    space: (board, _args, ctx) => required(ctx, 'SearchSpace', board.spaceId),
    frontier: async (board, { maxLatencyMs, minAccuracy }, ctx) => {
      const slowest = maxLatencyMs == null ? Infinity : checkedNumber('maxLatencyMs', maxLatencyMs, 0, 1e9);
      const least = minAccuracy == null ? -Infinity : checkedNumber('minAccuracy', minAccuracy, -1e9, 1e9);
      const { frontier } = await standing(ctx, board);
      return frontier.filter((entry) => entry.predictedMs <= slowest && entry.accuracy >= least);
    },
    cloud: (board, _args, ctx) =>
      ctx.read((tx) =>
        packedColumns(
          tx,
          `select distinct on (architecture) architecture as at, architecture, accuracy,
             predicted_ms as latency_ms
           from leaderboard_points where leaderboard_id = $1 order by architecture, visibility`,
          [board.id],
        ),
      ),
    runCount: async (board, _args, ctx) => (await standing(ctx, board)).runCount,
    teamCount: async (board, _args, ctx) => (await standing(ctx, board)).teamCount,
    hypervolume: async (board, _args, ctx) => (await standing(ctx, board)).hypervolume,
    predictionMape: async (board, _args, ctx) => (await standing(ctx, board)).predictionMape,
    comparison: (board, _args, ctx) => newestComparison(ctx, board.id),
  },
  LeaderboardEntry: {
    id: (entry) => toGlobalId('LeaderboardEntry', entry.id),
    choices: async (entry, _args, ctx) => {
      const layers = positionsOf(parsedSpace(await versionOf(ctx, entry)).space);
      return entry.encoding.map((choice, layer) => layers[layer]?.choices[choice]?.label ?? String(choice));
    },
    paramCount: async (entry, _args, ctx) => (await costOf(ctx, blobs, entry)).params,
    macs: async (entry, _args, ctx) => (await costOf(ctx, blobs, entry)).macs,
    team: (entry, _args, ctx) => required(ctx, 'Team', entry.teamId),
    run: (entry, _args, ctx) => ctx.load('SearchRun', entry.searchRunId),
    profile: (entry, _args, ctx) => ctx.load('DeviceProfile', entry.deviceProfileId),
    measurement: (entry, _args, ctx) =>
      entry.measurementId ? ctx.load('Measurement', entry.measurementId) : null,
  },
  Mutation: {
    publishSearch: async (_root, { input }, ctx) => ({ leaderboard: await publishSearch(ctx, input) }),
  },
});

const NEWEST_CHANGE_FIRST = {
  columns: [
    { name: 'updated_at', type: 'timestamptz' },
    { name: 'id', type: 'uuid' },
  ],
  descending: true,
} as const;

/** One read serves all fields of all leaderboards in a request. */
const standingById = perRequest(standingsOf);

async function standing(ctx: RequestContext, board: LeaderboardRow): Promise<Standing> {
  const found = await standingById(ctx, board.id);
  if (!found) throw notFound('Leaderboard');
  return found;
}

/**
 * The target's row. Each team has its own of the same fingerprint, and the one that the leaderboard was made with may be
 * private to another: then any that the caller may see stands for it.
 */
async function targetOf(ctx: RequestContext, board: LeaderboardRow): Promise<HardwareTargetRow> {
  const target =
    (await ctx.load('HardwareTarget', board.targetId)) ??
    (await targetByFingerprint(ctx, board.targetFingerprint));
  if (!target) throw notFound('HardwareTarget');
  return target;
}

const targetByFingerprint = perRequest<HardwareTargetRow>(async (tx, fingerprints) => {
  const rows = await tx
    .getRepository(HardwareTargetEntity)
    .find({ where: { fingerprint: In(fingerprints) }, order: { createdAt: 'DESC' } });
  // The oldest comes last and stays.
  return new Map(rows.map((row) => [row.fingerprint, row]));
});

const newestComparison = perRequest<ComparisonRow>(async (tx, boardIds) => {
  const newest = await tx.query<{ board: string; comparison: string }[]>(
    `select distinct on (board.id) board.id as board, comparison.id as comparison
     from leaderboards board
     join comparisons comparison on comparison.space_id = board.space_id and comparison.task_id = board.task_id
     join hardware_targets target on target.id = comparison.target_id and target.fingerprint = board.target_fingerprint
     where board.id = any($1) and comparison.status = 'SUCCEEDED'
     order by board.id, comparison.created_at desc, comparison.id`,
    [boardIds],
  );
  if (newest.length === 0) return new Map();
  const rows = await rowsById(
    tx,
    ComparisonEntity,
    newest.map((each) => each.comparison),
  );
  return new Map(newest.flatMap(({ board }, i) => (rows[i] ? [[board, rows[i]] as const] : [])));
});

async function versionOf(ctx: RequestContext, entry: LeaderboardEntryView): Promise<SpaceVersionRow> {
  const profile = await required(ctx, 'DeviceProfile', entry.deviceProfileId);
  return required(ctx, 'SpaceVersion', profile.spaceVersionId);
}

const costOf = async (
  ctx: RequestContext,
  blobs: BlobStore,
  entry: LeaderboardEntryView,
): Promise<BlockCost> =>
  networkCost((await buildableSpace(blobs, await versionOf(ctx, entry))).space, entry.encoding);
