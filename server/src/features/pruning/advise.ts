import { adviseRules, PruningError, type Advice, type RuleSettings } from '@espalier/nas/prune';
import type { RequestContext } from '../../graphql/context.js';
import type { PruningAdvice, QueryPruningAdviceArgs } from '../../graphql/generated/resolvers.js';
import { checkedInteger, checkedSeed } from '../../graphql/input-checks.js';
import { authorise } from '../../platform/authorise.js';
import { badInput } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { AnswersOf } from '../accuracy/index.js';
import { buildableSpace } from '../spaces/index.js';
import { gatherEvidence } from './evidence.js';
import { profileOf, sourceOf, unprunedVersion } from './sources.js';

/** The rules that are held against a pilot, RANDOM as the control; a ratio in between for those that need one. */
const CANDIDATES: readonly RuleSettings[] = [
  { rule: 'EFFICIENCY', ratio: 0.7, scope: 'LAYER' },
  { rule: 'BLOCK_EFFECT', ratio: 0.7 },
  { rule: 'EFFECT_OUTLIERS' },
  { rule: 'BASE_NETWORK_COST', lambda: 0.01, ratio: 0.7 },
  { rule: 'RANDOM', ratio: 0.7, seed: 0 },
];

/** Which rule to trust before a long search, by a pilot of random networks. Stores nothing. */
export async function pruningAdvice(
  { blobs }: Platform,
  ctx: RequestContext,
  answersOf: AnswersOf,
  args: QueryPruningAdviceArgs,
): Promise<PruningAdvice> {
  const teamId = authorise(ctx, 'SPACES_READ');
  const seed = checkedSeed('seed', args.seed ?? 0);
  const count = checkedInteger('evaluationCount', args.evaluationCount ?? 135, 20, 5000);
  const version = await unprunedVersion(ctx, args.spaceVersionId, '');
  const { space } = await buildableSpace(blobs, version);
  const profile = await profileOf(ctx, version, args, '');
  const source = await sourceOf(ctx, version, args, '');
  const { evidence, evaluations } = await gatherEvidence({
    prefix: '',
    space,
    needs: new Set(['PARAMS', 'LATENCY', 'EVALUATIONS', 'BASE_NETWORKS']),
    profile,
    source,
    count,
    seed,
    answersOf: (from) => answersOf(from, space, teamId),
  });
  return shown(
    judged(() => adviseRules(space, evidence, CANDIDATES, { seed })),
    evaluations.length,
  );
}

function judged(advise: () => Advice): Advice {
  try {
    return advise();
  } catch (error) {
    // A table that knows too few networks to judge by.
    if (error instanceof PruningError) throw badInput('accuracySourceId', error.message);
    throw error;
  }
}

const shown = ({ rules, recommended, words }: Advice, evaluationCount: number): PruningAdvice => ({
  rules: rules.map(({ settings, accuracy, nonDomination, verdict, reason }) => ({
    rule: settings.rule,
    scope: settings.rule === 'EFFICIENCY' ? (settings.scope ?? 'LAYER') : null,
    accuracy: accuracy && { ...accuracy },
    nonDomination: nonDomination && { ...nonDomination },
    verdict,
    reason,
  })),
  recommended: recommended?.rule ?? null,
  recommendation: words,
  evaluationCount,
});
