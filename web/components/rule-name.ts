import type { PruningRule } from '@/graphql/generated/documents';

/** Pruning rules as a sentence names them. */
export const ruleNames: Record<PruningRule, string> = {
  BLOCK_EFFECT: 'block effect',
  EFFICIENCY: 'parameters per latency',
  MANUAL: 'by hand',
  RANDOM: 'random, the control',
};
