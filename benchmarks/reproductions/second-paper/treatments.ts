import { pruneAtRandom, pruneByBlockEffect, pruneByEfficiency } from '@espalier/nas/prune';
import { keepAll, type KeptChoices } from '@espalier/nas/space';
import type { TabulatedSpace } from '../../science/tabulated.js';
import { effectsFromSample, effectsOfTable } from './effects.js';

/**
 * What decides what stays. `block effect, 135 paid` prunes as `block effect, 135` does, but the 135 networks that the effects come
 * from count as evaluations, stay in the archive, and those that are kept begin the population.
 */
export const RULES = [
  'params/latency',
  'block effect, table',
  'block effect, 135',
  'block effect, 135 paid',
  'latency',
  'random',
] as const;
export type Rule = (typeof RULES)[number];

/** A way to prune before the search; `rule` is null for the full space. */
export interface Treatment {
  readonly rule: Rule | null;
  /** Share of each layer's choices that goes. */
  readonly ratio: number;
}

export const RATIOS = [0.5, 0.7, 0.9] as const;

export const UNPRUNED: Treatment = { rule: null, ratio: 0 };

/** The full space, then each rule at each ratio. */
export const TREATMENTS: readonly Treatment[] = [
  UNPRUNED,
  ...RULES.flatMap((rule) => RATIOS.map((ratio): Treatment => ({ rule, ratio }))),
];

/** `block effect, 135 · 70 %`. */
export function treatmentName({ rule, ratio }: Treatment): string {
  return rule === null ? 'none' : `${rule} · ${(100 * ratio).toFixed(0)} %`;
}

/** Whether the seed changes what stays. */
export function dependsOnSeed({ rule }: Treatment): boolean {
  return rule === 'random' || rule === 'block effect, 135' || rule === 'block effect, 135 paid';
}

/** What a treatment leaves of a space. */
export function keptBy({ rule, ratio }: Treatment, tabulated: TabulatedSpace, seed: number): KeptChoices {
  const { space, params, blockLatencyMs } = tabulated;
  switch (rule) {
    case null:
      return keepAll(space);
    case 'params/latency':
      return pruneByEfficiency(space, params, blockLatencyMs, ratio).kept;
    case 'block effect, table':
      return pruneByBlockEffect(space, effectsOfTable(tabulated), blockLatencyMs, ratio).kept;
    case 'block effect, 135':
    case 'block effect, 135 paid':
      return pruneByBlockEffect(space, effectsFromSample(tabulated, seed), blockLatencyMs, ratio).kept;
    case 'latency': {
      // Blocks that do not differ in their effect are dominated by those that are faster.
      const alike = blockLatencyMs.map((choices) => choices.map(() => 0));
      return pruneByBlockEffect(space, alike, blockLatencyMs, ratio).kept;
    }
    case 'random':
      return pruneAtRandom(space, ratio, 2_000_000 + seed).kept;
  }
}
