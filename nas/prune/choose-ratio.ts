import { invertedGenerationalDistancePlus, normalisationBy, normalised } from '../pareto/index.js';
import type { Evaluated } from '../search/sampler.js';
import {
  encodingKey,
  keepAll,
  keptSize,
  spaceSize,
  type KeptChoices,
  type SearchSpace,
} from '../space/index.js';
import { createRandom, mean, quantile, type Random } from '../stats/index.js';
import { additiveFront } from './additive-front.js';
import { figure } from './decision.js';
import { effectPosterior, type EffectPosterior } from './effect-posterior.js';
import { needed, type Evidence } from './evidence.js';
import { lostFront } from './lost-front.js';
import { prune } from './prune.js';
import { PruningError, type PerChoice } from './rule.js';
import { ruleLabel, type RuleSettings } from './settings.js';

export interface RatioOptions {
  /** In ascending order; 0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9 when absent. */
  readonly ratios?: readonly number[];
  /** Networks of a short search, beside the random ones of the evidence. */
  readonly pilot?: readonly Evaluated[];
  /** How far the best of what is kept may stay behind the best of all in nine of ten cases: IGD⁺; 0.015 when absent. */
  readonly tolerance?: number;
  /** Draws of what effects and latencies may be; 32 when absent. */
  readonly draws?: number;
  readonly seed?: number;
}

/** What a ratio would cost. */
export interface ConsideredRatio {
  readonly ratio: number;
  /** Networks left, as a decimal number. */
  readonly networks: string;
  /** Expected IGD⁺ of the best that is kept against the best of all, normalised by the latter. */
  readonly expectedLoss: number;
  /** The same in the worst tenth of what effects and latencies may be. */
  readonly badLoss: number;
  /** Non-dominated networks seen so far that would be outside, of how many. */
  readonly lostSeen: number;
  readonly seen: number;
}

export interface ChosenRatio {
  readonly ratio: number;
  readonly reason: string;
  readonly considered: readonly ConsideredRatio[];
}

/**
 * The largest ratio up to which the loss stays within the tolerance in nine of ten cases of what block effects and latencies may
 * really be: effects from the networks seen (those of the evidence and of a pilot search), latencies within their intervals. Both
 * are taken for additive: interactions are not in it, and the real loss is several times the expected one
 * (docs/guides/pruning.md). Whatever the rule, its decision is judged by accuracy: needs EVALUATIONS and LATENCY beside what the
 * rule needs. PruningError PRUNING_INVALID_SETTINGS for a rule without a ratio.
 */
export function chooseRatio(
  space: SearchSpace,
  settings: RuleSettings,
  evidence: Evidence,
  options: RatioOptions = {},
): ChosenRatio {
  const { ratios = RATIOS, pilot = [], tolerance = 0.015, draws = 32, seed = 0 } = options;
  const latencyMs = needed(evidence.latencyMs, 'LATENCY', 'choosing a ratio');
  const evaluated = needed([...(evidence.evaluated ?? []), ...pilot], 'EVALUATIONS', 'choosing a ratio');
  const seen = [...new Map(evaluated.map((each) => [encodingKey(each.encoding), each])).values()];
  const known = { ...evidence, evaluated: seen };
  const posterior = effectPosterior(space, seen);
  const random = createRandom(seed);
  const worlds = Array.from({ length: draws }, () => worldOf(space, posterior, latencyMs, evidence, random));
  const front = frontOf(seen);
  const considered = [...ratios]
    .sort((a, b) => a - b)
    .map((ratio): ConsideredRatio => {
      const { kept } = prune(space, withRatio(settings, ratio), known);
      const losses = worlds.map((world) => lossIn(world, space, kept));
      return {
        ratio,
        networks: String(keptSize(space, kept)),
        expectedLoss: mean(losses),
        badLoss: quantile(losses, 0.9),
        lostSeen: lostFront(front, kept).points,
        seen: front.length,
      };
    });
  const beyond = considered.findIndex(({ badLoss }) => badLoss > tolerance);
  const chosen = considered[beyond < 0 ? considered.length - 1 : Math.max(beyond - 1, 0)];
  if (chosen === undefined) throw new PruningError('PRUNING_INVALID_SETTINGS', 'ratios must not be empty');
  const next = considered.find(({ ratio }) => ratio > chosen.ratio);
  return {
    ratio: chosen.ratio,
    reason: reasonFor(space, settings, chosen, next, tolerance, seen.length),
    considered,
  };
}

const RATIOS = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9];

/** What effects and latencies may be, with the front of the whole space then. */
interface World {
  readonly effect: PerChoice;
  readonly latencyMs: PerChoice;
  readonly front: ReturnType<typeof additiveFront>;
}

function worldOf(
  space: SearchSpace,
  posterior: EffectPosterior,
  latencyMs: PerChoice,
  { latencyHalfWidthMs }: Evidence,
  random: Random,
): World {
  const effect = posterior.draw(random);
  const drawn = latencyMs.map((layer, at) =>
    layer.map((ms, i) => {
      const half = latencyHalfWidthMs?.[at]?.[i] ?? 0;
      return half > 0 ? Math.max(0, ms + (half / 1.96) * random.normal()) : ms;
    }),
  );
  return { effect, latencyMs: drawn, front: additiveFront(space, keepAll(space), effect, drawn) };
}

function lossIn({ effect, latencyMs, front }: World, space: SearchSpace, kept: KeptChoices): number {
  const unit = normalisationBy(front);
  const best = additiveFront(space, kept, effect, latencyMs);
  return invertedGenerationalDistancePlus(normalised(best, unit), normalised(front, unit));
}

function withRatio(settings: RuleSettings, ratio: number): RuleSettings {
  switch (settings.rule) {
    case 'EFFICIENCY':
    case 'BLOCK_EFFECT':
    case 'RANDOM':
      return { ...settings, ratio };
    case 'BASE_NETWORK_COST':
      return { ...settings, ratio, cells: undefined };
    case 'INTERSECTION':
    case 'UNION':
      return { ...settings, of: settings.of.map((part) => (hasRatio(part) ? withRatio(part, ratio) : part)) };
    case 'EFFECT_OUTLIERS':
    case 'MANUAL':
      throw new PruningError('PRUNING_INVALID_SETTINGS', `${settings.rule} has no ratio to choose`);
  }
}

function hasRatio({ rule }: RuleSettings): boolean {
  return rule !== 'EFFECT_OUTLIERS' && rule !== 'MANUAL';
}

function frontOf(seen: readonly Evaluated[]): readonly Evaluated[] {
  const sorted = [...seen].sort((a, b) => a.latencyMs - b.latencyMs || a.error - b.error);
  let least = Infinity;
  return sorted.filter(({ error }) => {
    const isBetter = error < least;
    if (isBetter) least = error;
    return isBetter;
  });
}

function reasonFor(
  space: SearchSpace,
  settings: RuleSettings,
  chosen: ConsideredRatio,
  next: ConsideredRatio | undefined,
  tolerance: number,
  count: number,
): string {
  const percent = (ratio: number): string => `${figure(100 * ratio)} %`;
  const rule = ruleLabel({ ...settings, ratio: undefined } as RuleSettings);
  const here = `${percent(chosen.ratio)} by ${rule}: as far as ${String(count)} evaluated networks tell, the best of the ${chosen.networks} of ${String(spaceSize(space))} networks that stay are expected ${figure(chosen.expectedLoss)} behind the best of all, and ${figure(chosen.badLoss)} where one in ten cases begins (IGD⁺; at most ${figure(tolerance)} is accepted)`;
  const seen = `${String(chosen.lostSeen)} of the ${String(chosen.seen)} non-dominated networks seen so far would go.`;
  if (next === undefined) return `${here}. It is the largest ratio considered. ${seen}`;
  return `${here}; ${percent(next.ratio)} would be ${figure(next.badLoss)} behind there. ${seen}`;
}
