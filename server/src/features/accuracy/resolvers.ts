import type { Resolvers } from '../../graphql/generated/resolvers.js';
import { listRows, NEWEST_FIRST } from '../../graphql/listing.js';
import { toGlobalId } from '../../graphql/node-ids.js';
import { required } from '../../graphql/required.js';
import type { Platform } from '../../platform/platform.js';
import { AccuracySourceEntity } from './entities.js';
import { createAccuracySource, createTask } from './service.js';

export const accuracyResolvers = (platform: Platform): Resolvers => ({
  Query: {
    accuracySources: (_root, args, ctx) =>
      ctx.read((tx) => listRows(tx, AccuracySourceEntity, args, NEWEST_FIRST)),
  },
  Task: { id: (task) => toGlobalId('Task', task.id) },
  AccuracySource: {
    id: (source) => toGlobalId('AccuracySource', source.id),
    task: (source, _args, ctx) => required(ctx, 'Task', source.taskId),
    spaceVersion: (source, _args, ctx) => required(ctx, 'SpaceVersion', source.spaceVersionId),
  },
  Mutation: {
    createTask: async (_root, { input }, ctx) => ({ task: await createTask(ctx, input) }),
    createAccuracySource: async (_root, { input }, ctx) => ({
      accuracySource: await createAccuracySource(platform, ctx, input),
    }),
  },
});
