import { nonDominationRanks } from '../pareto/index.js';
import type { Evaluated } from '../search/sampler.js';
import { encodingKey, positionsOf, type Encoding, type SearchSpace } from '../space/index.js';
import { bootstrapInterval, createRandom, shuffled, spearman } from '../stats/index.js';
import type { Decision } from './decision.js';
import { evidenceFor, needed, type Evidence } from './evidence.js';
import { prune } from './prune.js';
import { PruningError } from './rule.js';
import { ruleLabel, type RuleSettings } from './settings.js';

/** A Spearman ρ with its 95 % interval by bootstrap over networks. */
export interface Agreement {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface RuleAdvice {
  readonly settings: RuleSettings;
  /** Of the rule's score of a network with its accuracy; null when the rule could not be asked. */
  readonly accuracy: Agreement | null;
  /** Of the score with how few networks stand before it in ranks of non-domination (accuracy and latency). */
  readonly nonDomination: Agreement | null;
  readonly verdict: 'TRUST' | 'UNCERTAIN' | 'DISTRUST' | 'UNKNOWN';
  readonly reason: string;
}

export interface Advice {
  readonly networks: number;
  /** In the order asked. */
  readonly rules: readonly RuleAdvice[];
  /** The trusted rule that agrees best with non-domination; null when none is to be trusted. */
  readonly recommended: RuleSettings | null;
  readonly words: string;
}

export interface AdviceOptions {
  /** Parts into which the pilot is cut: a rule that learns from networks is judged by those it has not seen; 5. */
  readonly folds?: number;
  readonly seed?: number;
}

const FEWEST = 20;

/**
 * Before a long search: which rule to trust, judged by a pilot of evaluated random networks (`evidence.evaluated`, at least 20;
 * PruningError PRUNING_MISSING_EVIDENCE otherwise). A network's score is the mean, over layers, of the share of the layer's
 * choices that the rule ranks behind the network's own; without an order, whether it keeps them. Rules that learn from
 * networks are asked anew without the fold that is judged. A rule is to be trusted when what it ranks high is hard to dominate with
 * 97.5 % certainty, and not when it is not at all.
 */
export function adviseRules(
  space: SearchSpace,
  evidence: Evidence,
  candidates: readonly RuleSettings[],
  { folds = 5, seed = 0 }: AdviceOptions = {},
): Advice {
  const all = needed(evidence.evaluated, 'EVALUATIONS', 'advice');
  const pilot = [...new Map(all.map((each) => [encodingKey(each.encoding), each])).values()];
  if (pilot.length < FEWEST)
    throw new PruningError(
      'PRUNING_MISSING_EVIDENCE',
      `advice needs at least ${String(FEWEST)} different evaluated networks, got ${String(pilot.length)}`,
    );
  const mixed = shuffled(pilot, createRandom(seed));
  const unseen = Array.from({ length: folds }, (_, fold): Evidence => ({
    ...evidence,
    evaluated: mixed.filter((_each, at) => at % folds !== fold),
  }));
  const ranks = Array.from(nonDominationRanks(mixed.map(({ error, latencyMs }) => [error, latencyMs])));
  const rules = candidates.map((settings): RuleAdvice => {
    const scores = scoresOf(space, settings, mixed, evidence, unseen);
    if (typeof scores === 'string')
      return { settings, accuracy: null, nonDomination: null, verdict: 'UNKNOWN', reason: scores };
    const accuracy = agreement(
      scores,
      mixed.map(({ error }) => 0 - error),
      seed,
    );
    const nonDomination = agreement(
      scores,
      ranks.map((rank) => 0 - rank),
      seed,
    );
    return { settings, accuracy, nonDomination, ...judged(accuracy, nonDomination) };
  });
  const trusted = rules
    .filter(({ verdict }) => verdict === 'TRUST')
    .sort((a, b) => (b.nonDomination?.value ?? 0) - (a.nonDomination?.value ?? 0));
  const recommended = trusted[0]?.settings ?? null;
  return { networks: pilot.length, rules, recommended, words: inWords(pilot.length, rules, recommended) };
}

/** Of each pilot network, higher is better; or why the rule cannot be asked. */
function scoresOf(
  space: SearchSpace,
  settings: RuleSettings,
  pilot: readonly Evaluated[],
  evidence: Evidence,
  unseen: readonly Evidence[],
): readonly number[] | string {
  try {
    if (!evidenceFor(settings).has('EVALUATIONS')) {
      const decision = prune(space, settings, evidence);
      return pilot.map(({ encoding }) => networkScore(space, decision, encoding));
    }
    const decisions = unseen.map((folded) => prune(space, settings, folded));
    return pilot.map(({ encoding }, at) =>
      networkScore(space, decisions[at % unseen.length] as Decision, encoding),
    );
  } catch (error) {
    if (error instanceof PruningError) return error.message;
    throw error;
  }
}

function networkScore(space: SearchSpace, { order, kept }: Decision, encoding: Encoding): number {
  const shares = positionsOf(space).map(({ index, choices }) => {
    const choice = encoding[index] ?? -1;
    if (order === null) return kept[index]?.includes(choice) === true ? 1 : 0;
    const place = order[index]?.indexOf(choice) ?? 0;
    return choices.length === 1 ? 1 : 1 - place / (choices.length - 1);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function agreement(scores: readonly number[], goodness: readonly number[], seed: number): Agreement {
  const rho = (indices: ArrayLike<number>): number => {
    const at = Array.from(indices);
    const value = spearman(
      at.map((i) => scores[i] ?? NaN),
      at.map((i) => goodness[i] ?? NaN),
    );
    return Number.isNaN(value) ? 0 : value;
  };
  const indices = scores.map((_, i) => i);
  return { value: rho(indices), ...bootstrapInterval(indices, rho, createRandom(seed), 0.95, 400) };
}

/** Whether what a rule likes is hard to dominate; what it does to accuracy alone is said beside. */
function judged(accuracy: Agreement, nonDomination: Agreement): Pick<RuleAdvice, 'verdict' | 'reason'> {
  const figures = `what it ranks high is hard to dominate by ρ = ${shown(nonDomination)} and accurate by ρ = ${shown(accuracy)}`;
  if (nonDomination.value <= 0)
    return {
      verdict: 'DISTRUST',
      reason: `is not to be trusted: ${figures}; its order is no better than chance`,
    };
  if (nonDomination.low <= 0)
    return { verdict: 'UNCERTAIN', reason: `is not known to help: ${figures}; more networks would tell` };
  if (accuracy.high < 0)
    return {
      verdict: 'UNCERTAIN',
      reason: `helps at the fast end only: ${figures}; it removes what is accurate`,
    };
  return { verdict: 'TRUST', reason: `is to be trusted: ${figures}` };
}

function shown({ value, low, high }: Agreement): string {
  const number = (of: number): string => of.toFixed(2).replace('-', '−');
  return `${number(value)} (${number(low)} to ${number(high)})`;
}

function inWords(count: number, rules: readonly RuleAdvice[], recommended: RuleSettings | null): string {
  const each = rules.map(({ settings, reason }) => `${ruleLabel(settings)} ${reason}.`).join(' ');
  const advice =
    recommended === null
      ? 'Search unpruned, or evaluate more random networks and ask again.'
      : `Prune by ${ruleLabel(recommended)}.`;
  return `Judged by ${String(count)} evaluated networks: ${advice} ${each}`.trim();
}
