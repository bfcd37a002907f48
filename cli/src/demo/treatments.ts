import type { PruningRule } from '../graphql/generated/documents.js';

/** One way of pruning the space before it is searched that the demo compares with leaving it whole. */
export interface Treatment {
  readonly label: string;
  readonly rule: Exclude<PruningRule, 'MANUAL'>;
  readonly ratio: number;
  /** A chance in the rule itself (networks drawn, choices drawn) is drawn anew for each search seed. */
  readonly eachSeed: boolean;
}

export const TREATMENTS: readonly Treatment[] = [
  { label: 'block effect 70 %', rule: 'BLOCK_EFFECT', ratio: 0.7, eachSeed: true },
  { label: 'block effect 90 %', rule: 'BLOCK_EFFECT', ratio: 0.9, eachSeed: true },
  { label: 'params/latency 70 %', rule: 'EFFICIENCY', ratio: 0.7, eachSeed: false },
  { label: 'random 70 %', rule: 'RANDOM', ratio: 0.7, eachSeed: true },
];

export const SEEDS: readonly number[] = Array.from({ length: 10 }, (_, i) => i);
export const BUDGET = 3000;
/** The baseline's evaluations that set the target of the comparison. */
export const TARGET_EVALUATIONS = 2000;
/** Networks evaluated to learn block effects; they count as evaluations. */
export const PRUNING_EVALUATIONS = 135;

/** Begins with 70 % of the choices out by the effects in as many random networks, and lets them in as progress stalls. */
export const PROGRESSIVE = {
  label: 'block effect 70 %, un-pruned progressively',
  settings: { initialCount: PRUNING_EVALUATIONS, startRatio: 0.7 },
} as const;
