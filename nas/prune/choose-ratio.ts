import {
  invertedGenerationalDistancePlus,
  nonDominated2d,
  normalisationBy,
  normalised,
  type Points,
} from '../pareto/index.js';
import type { Evaluated } from '../search/sampler.js';
import {
  encodingKey,
  isKept,
  keepAll,
  keptSize,
  spaceSize,
  type Encoding,
  type SearchSpace,
} from '../space/index.js';
import { createRandom, mean, quantile, type Random } from '../stats/index.js';
import { figure } from './decision.js';
import { effectPosterior, type EffectPosterior } from './effect-posterior.js';
import { needed, type Evidence } from './evidence.js';
import { frontByLatency } from './front-by-latency.js';
import { lostFront } from './lost-front.js';
import { networksNearFront } from './near-front.js';
import { prune } from './prune.js';
import { PruningError, type PerChoice } from './rule.js';
import { ruleLabel, type RuleSettings } from './settings.js';

export interface RatioOptions {
  /** In ascending order; 0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9 when absent. */
  readonly ratios?: readonly number[];
  /** Networks of a short search, beside the random ones of the evidence. */
  readonly pilot?: readonly Evaluated[];
  /** How far the best of what is kept may stay behind the best of all in nine of ten cases: IGD⁺; 0.03 when absent. */
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
 * The largest ratio up to which the loss stays within the tolerance in nine of ten cases of what errors and latencies may really
 * be: block effects as the networks seen tell (those of the evidence and of a pilot search), latencies within their intervals, and
 * of each network near a front a share of its error that is its own, as large as effects leave unexplained of the networks seen.
 * Without that share, what the whole space gains by its many networks would be missed. Whatever the rule, its decision is judged by accuracy: needs EVALUATIONS and LATENCY beside what the
 * rule needs. PruningError PRUNING_INVALID_SETTINGS for a rule without a ratio.
 */
export function chooseRatio(
  space: SearchSpace,
  settings: RuleSettings,
  evidence: Evidence,
  options: RatioOptions = {},
): ChosenRatio {
  const { ratios = RATIOS, pilot = [], tolerance = 0.03, draws = 32, seed = 0 } = options;
  const latencyMs = needed(evidence.latencyMs, 'LATENCY', 'choosing a ratio');
  const evaluated = needed([...(evidence.evaluated ?? []), ...pilot], 'EVALUATIONS', 'choosing a ratio');
  const seen = [...new Map(evaluated.map((each) => [encodingKey(each.encoding), each])).values()];
  const known = { ...evidence, evaluated: seen };
  const posterior = effectPosterior(space, seen);
  const random = createRandom(seed);
  const front = frontByLatency(seen);
  const prunings = [...ratios]
    .sort((a, b) => a - b)
    .map((ratio) => ({ ratio, kept: prune(space, withRatio(settings, ratio), known).kept }));
  const expected = { effect: posterior.effect, latencyMs };
  const networks = distinct([
    ...networksNearFront(space, keepAll(space), expected, NEAR_WHOLE),
    ...prunings.flatMap(({ kept }) => networksNearFront(space, kept, expected, NEAR_KEPT)),
  ]);
  const places = placesOf(
    networks,
    latencyMs.map((layer) => layer.length),
  );
  const worlds = Array.from({ length: draws }, () => worldOf(places, posterior, latencyMs, evidence, random));
  const considered = prunings.map(({ ratio, kept }): ConsideredRatio => {
    const stays = Uint32Array.from(networks.flatMap((encoding, i) => (isKept(kept, encoding) ? [i] : [])));
    const losses = worlds.map((world) => lossIn(world, stays));
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

/** Networks that stand for the whole space, and for what each ratio keeps. */
const NEAR_WHOLE = 8_000;
const NEAR_KEPT = 1_000;

function distinct(networks: readonly Encoding[]): readonly Encoding[] {
  return [...new Map(networks.map((encoding) => [encodingKey(encoding), encoding])).values()];
}

/** Networks with each choice's place in a list of all choices of all layers: `[network × layers + layer]`. */
interface Places {
  readonly count: number;
  readonly layers: number;
  readonly places: Uint32Array;
}

function placesOf(networks: readonly Encoding[], choiceCounts: readonly number[]): Places {
  const layers = choiceCounts.length;
  const first = choiceCounts.map((_, at) => choiceCounts.slice(0, at).reduce((sum, n) => sum + n, 0));
  const places = new Uint32Array(networks.length * layers);
  networks.forEach((encoding, i) => {
    encoding.forEach((choice, at) => (places[i * layers + at] = (first[at] ?? 0) + choice));
  });
  return { count: networks.length, layers, places };
}

/** What each network comes to if its choices' figures add up. */
function sums({ count, layers, places }: Places, table: PerChoice): Float64Array {
  const figures = Float64Array.from(table.flat());
  const found = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let layer = 0; layer < layers; layer++) sum += figures[places[at++] as number] as number;
    found[i] = sum;
  }
  return found;
}

/** What networks may come to: error up to a constant, and latency. */
interface World {
  readonly error: Float64Array;
  readonly latencyMs: Float64Array;
  readonly front: Points;
}

function worldOf(
  networks: Places,
  posterior: EffectPosterior,
  latencyMs: PerChoice,
  { latencyHalfWidthMs }: Evidence,
  random: Random,
): World {
  const error = sums(networks, posterior.draw(random));
  for (let i = 0; i < error.length; i++) error[i] = (error[i] as number) + posterior.noise * random.normal();
  const drawnMs = latencyMs.map((layer, at) =>
    layer.map((ms, i) => {
      const half = latencyHalfWidthMs?.[at]?.[i] ?? 0;
      return half > 0 ? Math.max(0, ms + (half / 1.96) * random.normal()) : ms;
    }),
  );
  const all = { error, latencyMs: sums(networks, drawnMs) };
  return { ...all, front: frontPoints(all) };
}

function frontPoints({ error, latencyMs }: Omit<World, 'front'>): Points {
  return Array.from(nonDominated2d(error, latencyMs), (i) => [error[i] as number, latencyMs[i] as number]);
}

function picked(values: Float64Array, which: Uint32Array): Float64Array {
  const found = new Float64Array(which.length);
  for (let i = 0; i < which.length; i++) found[i] = values[which[i] as number] as number;
  return found;
}

function lossIn({ error, latencyMs, front }: World, stays: Uint32Array): number {
  const best = frontPoints({ error: picked(error, stays), latencyMs: picked(latencyMs, stays) });
  const unit = normalisationBy(front);
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
