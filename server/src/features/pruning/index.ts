import type { Feature } from '../../graphql/feature.js';
import type { Platform } from '../../platform/platform.js';
import type { AnswersOf } from '../accuracy/index.js';
import { pruningAdvice } from './advise.js';
import { createPrunedSpace } from './create.js';
import { pruningEntities } from './entities.js';
import { previewPruning } from './preview.js';
import { repeatableInput } from './repeatable-input.js';

/** Rules that remove choices, previewed or stored as a new version. `answersOf` is the accuracy feature's. */
export function pruningFeature(platform: Platform, answersOf: AnswersOf): Feature {
  return {
    entities: pruningEntities as Feature['entities'],
    nodes: {},
    resolvers: {
      Query: {
        previewPruning: (_root, { input }, ctx) => previewPruning(platform, ctx, answersOf, input),
        pruningAdvice: (_root, args, ctx) => pruningAdvice(platform, ctx, answersOf, args),
      },
      Mutation: {
        createPrunedSpace: async (_root, { input }, ctx) => ({
          version: await createPrunedSpace(platform, ctx, answersOf, input),
        }),
      },
      Pruning: {
        profile: (record, _args, ctx) =>
          record.deviceProfileId ? ctx.load('DeviceProfile', record.deviceProfileId) : null,
        accuracySource: (record, _args, ctx) =>
          record.accuracySourceId ? ctx.load('AccuracySource', record.accuracySourceId) : null,
        scores: ({ scores }) => scores?.map((layer) => [...layer]) ?? null,
        reasons: ({ reasons }) => reasons?.map((layer) => [...layer]) ?? null,
        mutationProbabilities: ({ mutationProbabilities }) =>
          mutationProbabilities ? [...mutationProbabilities] : null,
        ratioReason: ({ ratioReason }) => ratioReason ?? null,
        settings: repeatableInput,
      },
    },
  };
}
