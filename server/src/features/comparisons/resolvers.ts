import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { listRows, NEWEST_FIRST } from '../../graphql/listing.js';
import { toGlobalId } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import type { Platform } from '../../platform/platform.js';
import type { LookupOf } from '../accuracy/index.js';
import { compareSearches } from './compare-searches.js';
import { ComparisonEntity, type Arrival, type ComparisonGroupResult } from './entities.js';
import { exportComparison } from './export/export-comparison.js';
import { requestOf, resultOf } from './stored-result.js';

export function comparisonsResolvers(platform: Platform, lookupOf: LookupOf): Resolvers {
  return {
    Query: {
      comparisons: (_root, args, ctx) => ctx.read((tx) => listRows(tx, ComparisonEntity, args, NEWEST_FIRST)),
    },
    Comparison: {
      id: (comparison) => toGlobalId('Comparison', comparison.id),
      space: (comparison, _args, ctx) => required(ctx, 'SearchSpace', comparison.spaceId),
      task: (comparison, _args, ctx) => required(ctx, 'Task', comparison.taskId),
      target: (comparison, _args, ctx) => required(ctx, 'HardwareTarget', comparison.targetId),
      deviceProfile: ({ request }, _args, ctx) =>
        request && ctx.load('DeviceProfile', request.deviceProfileId),
      accuracySource: ({ request }, _args, ctx) =>
        request && ctx.load('AccuracySource', request.accuracySourceId),
      groups: (comparison) => resultOf(comparison).groups,
      checkpoints: (comparison) => resultOf(comparison).checkpoints,
      reference: (comparison) => resultOf(comparison).reference,
      referenceFront: (comparison) => resultOf(comparison).referenceFront,
      range: (comparison) => resultOf(comparison).range,
      targetIgdPlus: (comparison) => resultOf(comparison).targetIgdPlus,
      targetGd: (comparison) => resultOf(comparison).targetGd,
      attainmentEvaluations: (comparison) => resultOf(comparison).attainmentEvaluations,
      verdict: (comparison) => resultOf(comparison).verdict,
      baseline: (comparison) => requestOf(comparison).baseline,
      targetEvaluations: (comparison) => requestOf(comparison).targetEvaluations,
      normalisation: (comparison) => requestOf(comparison).normalisation,
      export: async (comparison, { format }, ctx) => {
        const [space, task, target] = await Promise.all([
          required(ctx, 'SearchSpace', comparison.spaceId),
          required(ctx, 'Task', comparison.taskId),
          required(ctx, 'HardwareTarget', comparison.targetId),
        ]);
        return exportComparison({ comparison, space, task, target }, format);
      },
    },
    ComparisonGroup: {
      // Runs that the reader may not see are left out: the figures stay, their source does not show.
      runs: async (group, _args, ctx) =>
        (await Promise.all(group.runIds.map((id) => ctx.load('SearchRun', id)))).filter(
          (run) => run !== null,
        ),
      evaluationsToTarget: (group) => coverage(group)?.evaluations ?? null,
      seedsReachingTarget: (group) => coverage(group)?.seeds ?? 0,
      speedup: (group) => coverage(group)?.speedup ?? null,
      speedupInterval: (group) => coverage(group)?.speedupInterval ?? null,
    },
    Mutation: {
      compareSearches: async (_root, { input }, ctx) => ({
        comparison: await compareSearches(platform, lookupOf, ctx, input),
      }),
    },
  };
}

/** When the group covers as much of the front as the baseline had. */
const coverage = ({ arrivals }: ComparisonGroupResult): Arrival | undefined =>
  arrivals.find(({ indicator }) => indicator === 'IGD_PLUS');
