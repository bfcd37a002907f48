import type { KeptChoices } from '../space/index.js';
import type { EfficiencyScope } from './efficiency.js';

/** A rule with its numbers. `ratio` is the share of the choices that goes, in [0, 1). */
export type RuleSettings =
  | { readonly rule: 'EFFICIENCY'; readonly ratio: number; readonly scope?: EfficiencyScope | undefined }
  | { readonly rule: 'BLOCK_EFFECT'; readonly ratio: number }
  | EffectOutliersSettings
  | BaseNetworkCostSettings
  | { readonly rule: 'RANDOM'; readonly ratio: number; readonly seed: number }
  | { readonly rule: 'MANUAL'; readonly kept: KeptChoices }
  | { readonly rule: 'INTERSECTION' | 'UNION'; readonly of: readonly RuleSettings[] };

export interface EffectOutliersSettings {
  readonly rule: 'EFFECT_OUTLIERS';
  /** A unit loses its last layer when what that costs for its accuracy exceeds the median over units so many times; 1.5. */
  readonly depthFactor?: number | undefined;
}

export interface BaseNetworkCostSettings {
  readonly rule: 'BASE_NETWORK_COST';
  /** How much latency counts against accuracy; larger favours fast networks. */
  readonly lambda: number;
  /** How many cells (layer, block) the winning family gets; by `ratio`, or half of a family's, when absent. */
  readonly cells?: number | undefined;
  readonly ratio?: number | undefined;
  /** Milliseconds that latencies are compared with, for a λ that does not depend on the unit; 1 as published. */
  readonly referenceMs?: number | undefined;
}

export type RuleName = RuleSettings['rule'];

const NAMES: Readonly<Record<RuleName, string>> = {
  EFFICIENCY: 'params/latency',
  BLOCK_EFFECT: 'block effect',
  EFFECT_OUTLIERS: 'effect outliers',
  BASE_NETWORK_COST: 'base-network cost',
  RANDOM: 'random',
  MANUAL: 'by hand',
  INTERSECTION: 'intersection',
  UNION: 'union',
};

/** For reading, such as `block effect 70 %`. */
export function ruleLabel(settings: RuleSettings): string {
  const name = NAMES[settings.rule];
  if ('of' in settings) return `${name} of ${settings.of.map(ruleLabel).join(' and ')}`;
  const ratio = 'ratio' in settings && settings.ratio !== undefined ? settings.ratio : null;
  return ratio === null ? name : `${name} ${String(Math.round(ratio * 1000) / 10)} %`;
}
