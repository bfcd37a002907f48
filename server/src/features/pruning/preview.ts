import { keptSize, positionsOf, spaceSize } from '@espalier/nas/space';
import type { RequestContext } from '../../graphql/context.js';
import type { PruningInput, PruningPreview } from '../../graphql/generated/resolvers.js';
import { authorise } from '../../platform/authorise.js';
import type { Platform } from '../../platform/platform.js';
import type { AnswersOf } from '../accuracy/index.js';
import { decide } from './decide.js';
import { lostFrontier } from './known-frontier.js';
import { fullTableOf } from './sources.js';

/** What pruning would do. Stores nothing. */
export async function previewPruning(
  platform: Platform,
  ctx: RequestContext,
  answersOf: AnswersOf,
  input: PruningInput,
): Promise<PruningPreview> {
  const teamId = authorise(ctx, 'SPACES_READ');
  const { version, space, decision, record, considered, ...from } = await decide(
    platform,
    ctx,
    answersOf,
    input,
    'input',
  );
  const { kept, reasons } = decision;
  const source = from.source ?? (await fullTableOf(ctx, version));
  const lost = await lostFrontier(
    {
      space,
      source,
      profile: from.profile,
      answersOf: (table) => answersOf(table, space, teamId),
    },
    kept,
  );
  return {
    layers: positionsOf(space).map(({ choices }, at) => {
      const stay = new Set(kept[at]);
      return {
        layer: at,
        kept: [...stay],
        removed: choices.flatMap((_, i) => (stay.has(i) ? [] : [i])),
        scores: record.scores?.[at] ? [...record.scores[at]] : null,
        reasons: [...(reasons[at] ?? [])],
      };
    }),
    sizeBefore: spaceSize(space).toString(),
    sizeAfter: keptSize(space, kept).toString(),
    ratio: record.ratio,
    ratioReason: record.ratioReason ?? null,
    considered: [...considered],
    evaluationCount: record.evaluationCount,
    lost,
    mutationProbabilities: record.mutationProbabilities ? [...record.mutationProbabilities] : null,
    explanation: record.explanation,
  };
}
