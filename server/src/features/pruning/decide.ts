import {
  chooseRatio,
  evidenceFor,
  prune,
  PruningError,
  type Decision,
  type Evidence,
  type EvidenceKind,
  type RuleSettings,
} from '@espalier/nas/prune';
import type { SearchSpace } from '@espalier/nas/space';
import type { RequestContext } from '../../graphql/context.js';
import type { ConsideredRatio, PruningInput } from '../../graphql/generated/resolvers.js';
import { checkedInteger } from '../../graphql/input-checks.js';
import { authorise } from '../../platform/authorise.js';
import { badInput, EspalierError } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { AccuracySourceRow } from '../accuracy/entities.js';
import type { AnswersOf } from '../accuracy/index.js';
import type { DeviceProfileRow } from '../profiles/entities.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import { buildableSpace } from '../spaces/index.js';
import { askedRule, isOpen, type AskedRule, type OpenRule, type SimpleRule } from './asked-rule.js';
import type { Evaluation } from './evaluated-networks.js';
import { gatherEvidence } from './evidence.js';
import { explain } from './explain.js';
import type { PruningRecord } from './pruning-record.js';
import { profileOf, sourceOf, unprunedVersion } from './sources.js';

/** What a rule decided for a version, before anything is stored. */
export interface Decided {
  readonly version: SpaceVersionRow;
  readonly space: SearchSpace;
  readonly settings: RuleSettings;
  readonly decision: Decision;
  readonly record: PruningRecord;
  /** Ratios weighed where one was to be chosen. */
  readonly considered: readonly ConsideredRatio[];
  /** Networks evaluated to decide: the first trials of every search in the pruned space. */
  readonly evaluations: readonly Evaluation[];
  /** What was named or is used by default, whether or not the rule looked at it. */
  readonly profile: DeviceProfileRow | null;
  readonly source: AccuracySourceRow | null;
}

/** Networks evaluated for a rule that needs some, unless the input says otherwise. */
const USUAL_EVALUATIONS = 135;

/** Reads the input, asks the rule, explains. `at` is the path of the input in the request. BAD_INPUT or PRUNING_EMPTY. */
export async function decide(
  { blobs }: Platform,
  ctx: RequestContext,
  answersOf: AnswersOf,
  input: PruningInput,
  at: string,
): Promise<Decided> {
  const teamId = authorise(ctx, 'SPACES_READ');
  const prefix = `${at}.`;
  const version = await unprunedVersion(ctx, input.spaceVersionId, prefix);
  const { space } = await buildableSpace(blobs, version);
  const asked = askedRule(space, input, at);
  const count = checkedInteger(`${at}.evaluationCount`, input.evaluationCount ?? USUAL_EVALUATIONS, 20, 5000);
  const profile = await profileOf(ctx, version, input, prefix);
  const source = await sourceOf(ctx, version, input, prefix);
  const needs = evidenceNeeded(asked);
  if (isOpen(asked) && !source)
    throw badInput(`${at}.ratio`, 'Give a ratio, or an accuracy source to choose one by.');
  const seed = input.seed ?? 0;
  const { evidence, evaluations, note } = await gatherEvidence({
    prefix,
    space,
    needs,
    profile,
    source,
    count,
    seed,
    answersOf: (from) => answersOf(from, space, teamId),
  });
  const { settings, decision, ...chosen } = decided(space, asked, evidence, at);
  const draws = needs.has('EVALUATIONS');
  const looksAtLatency = needs.has('LATENCY') || evaluations.length > 0;
  return {
    version,
    space,
    settings,
    decision,
    evaluations,
    profile,
    source,
    considered: chosen.considered,
    record: {
      rule: settings.rule,
      ratio: 'ratio' in settings ? (settings.ratio ?? null) : null,
      seed: draws || drawsChoices(settings) ? seedOf(settings, seed) : null,
      deviceProfileId: looksAtLatency ? (profile?.id ?? null) : null,
      accuracySourceId: evaluations.length > 0 ? (source?.id ?? null) : null,
      evaluationCount: evaluations.length,
      scores: isScored(settings) ? decision.scores : null,
      explanation: explain(space, decision.kept, decision.explanation, note),
      ratioReason: chosen.ratioReason,
      reasons: decision.reasons,
      mutationProbabilities: decision.mutationProbabilities ?? null,
      repeat: { spaceVersionId: version.id, settings, drawn: draws ? count : null },
    },
  };
}

interface Settled {
  readonly settings: RuleSettings;
  readonly ratioReason: string | null;
  readonly considered: readonly ConsideredRatio[];
}

function decided(
  space: SearchSpace,
  asked: AskedRule,
  evidence: Evidence,
  at: string,
): Settled & { readonly decision: Decision } {
  try {
    const settled = settle(space, asked, evidence);
    return { ...settled, decision: prune(space, settled.settings, evidence) };
  } catch (error) {
    if (error instanceof PruningError) throw refusal(error, asked, at);
    throw error;
  }
}

/** Chooses the ratios that were left open. */
function settle(space: SearchSpace, asked: AskedRule, evidence: Evidence): Settled {
  if ('of' in asked) {
    const parts = asked.of.map((part) => settle(space, part, evidence));
    const reasons = parts.flatMap(({ ratioReason }) => ratioReason ?? []);
    return {
      settings: { rule: asked.rule, of: parts.map(({ settings }) => settings) },
      ratioReason: reasons.length > 0 ? reasons.join(' ') : null,
      considered: [],
    };
  }
  if (!isOpen(asked)) return { settings: asked as RuleSettings, ratioReason: null, considered: [] };
  const { ratio, reason, considered } = chooseRatio(space, withRatio(asked, 0), evidence);
  return { settings: withRatio(asked, ratio), ratioReason: reason, considered: [...considered] };
}

/** What the rule cannot do without, and random networks where a ratio is to be chosen. */
function evidenceNeeded(asked: AskedRule): ReadonlySet<EvidenceKind> {
  const parts: readonly SimpleRule[] = 'of' in asked ? asked.of : [asked];
  return new Set(
    parts.flatMap((part): EvidenceKind[] =>
      isOpen(part)
        ? [...evidenceFor(withRatio(part, 0)), 'LATENCY', 'EVALUATIONS']
        : [...evidenceFor(part as RuleSettings)],
    ),
  );
}

const withRatio = (rule: OpenRule, ratio: number): RuleSettings => ({ ...rule, ratio });

const drawsChoices = (settings: RuleSettings): boolean =>
  'of' in settings ? settings.of.some(drawsChoices) : settings.rule === 'RANDOM';

const seedOf = (settings: RuleSettings, seed: number): number =>
  settings.rule === 'RANDOM' ? settings.seed : seed;

const isScored = ({ rule }: RuleSettings): boolean =>
  rule !== 'RANDOM' && rule !== 'MANUAL' && rule !== 'INTERSECTION' && rule !== 'UNION';

function refusal({ code, message }: PruningError, asked: AskedRule, at: string): EspalierError {
  const own = 'of' in asked ? `${at}.of` : null;
  switch (code) {
    case 'PRUNING_EMPTY_LAYER':
      return new EspalierError('PRUNING_EMPTY', message, { field: own ?? `${at}.kept` });
    case 'PRUNING_NO_NETWORK':
      return new EspalierError('PRUNING_EMPTY', message, { field: own ?? `${at}.rule` });
    case 'PRUNING_INVALID_RATIO':
      return badInput(own ?? `${at}.ratio`, message);
    case 'PRUNING_INVALID_SETTINGS':
      return badInput(own ?? `${at}.${asked.rule === 'EFFICIENCY' ? 'scope' : 'cells'}`, message);
    case 'PRUNING_MISSING_EVIDENCE':
      return badInput(`${at}.accuracySourceId`, message);
    case 'PRUNING_INVALID_VALUES':
      // What a profile or a source says of the space.
      return badInput(own ?? `${at}.rule`, message);
  }
}
