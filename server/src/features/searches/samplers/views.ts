import type { Resolvers, Sampler, SamplerKind } from '../../../graphql/generated/resolvers.js';
import { perRequest } from '../../../graphql/per-request.js';
import { countsWithinLimits } from '../trials.js';
import { SAMPLERS } from './registry.js';
import { withFallbacks } from './setting.js';

/** Every kind as the API describes it. */
export const samplers = (): Sampler[] =>
  (Object.keys(SAMPLERS) as SamplerKind[]).map((kind) => {
    const { name, summary, settings, isSteeredByLimits, learns, takesFirst } = SAMPLERS[kind];
    return {
      kind,
      name,
      summary,
      settings: settings.map(({ fallbackWords, options, least, most, ...setting }) => ({
        name: setting.name,
        meaning: setting.meaning,
        kind: setting.kind,
        least: least ?? null,
        most: most ?? null,
        options: options ? [...options] : null,
        default: fallbackWords,
      })),
      limits: isSteeredByLimits ? ('STEERS' as const) : ('SELECTS' as const),
      takesEarlierRun: learns,
      takesPredictedFront: takesFirst,
    };
  });

const countWithin = perRequest(countsWithinLimits);

/** What a run was told and began with. */
export const samplerFields: Pick<
  NonNullable<Resolvers['SearchRun']>,
  'settings' | 'limits' | 'evaluationsWithinLimits' | 'warmStart'
> = {
  settings: ({ sampler, settings }) => withFallbacks(SAMPLERS[sampler].settings, settings),
  limits: ({ limits }) => limits,
  evaluationsWithinLimits: async (run, _args, ctx) =>
    run.limits === null ? null : ((await countWithin(ctx, run.id)) ?? 0),
  warmStart: async ({ warmStartRunId, warmStartEvaluations, predictedFront }, _args, ctx) =>
    warmStartRunId === null && !predictedFront
      ? null
      : {
          searchRun: warmStartRunId === null ? null : await ctx.load('SearchRun', warmStartRunId),
          evaluations: warmStartEvaluations,
          predictedFront,
        },
};
