import type { PruningRule } from '@/graphql/generated/documents';

/** What a rule goes by, in a sentence for somebody who is to choose one. */
export const ruleWords: Record<PruningRule, string> = {
  BLOCK_EFFECT:
    'Keeps, layer by layer, the choices that the fewest others beat in both error and latency. Learns from evaluated networks.',
  EFFICIENCY: 'Keeps the most parameters per millisecond. Needs no accuracy, and knows nothing of it.',
  EFFECT_OUTLIERS:
    'Removes blocks that cost too much for their accuracy, and layers of depth that pay least. It says itself how much goes.',
  BASE_NETWORK_COST:
    'Swaps one block at a time in a base network and keeps what costs least in accuracy and latency.',
  RANDOM: 'Draws what stays. The control that every rule has to beat.',
  INTERSECTION: 'Keeps only what all of the rules below keep.',
  UNION: 'Keeps what any of the rules below keeps.',
  MANUAL: 'Keeps what you choose: press a choice in the map to keep or remove it.',
};
