import type { PruningRule } from '@/graphql/generated/documents';

/** Pruning rules as a sentence names them. */
export const ruleNames: Record<PruningRule, string> = {
  BASE_NETWORK_COST: 'base-network cost',
  BLOCK_EFFECT: 'block effect',
  EFFECT_OUTLIERS: 'effect outliers',
  EFFICIENCY: 'parameters per latency',
  INTERSECTION: 'what all of several rules keep',
  MANUAL: 'by hand',
  RANDOM: 'random, the control',
  UNION: 'what any of several rules keeps',
};
