import { positionsOf, type SearchSpace } from '../space/index.js';
import { createRandom } from '../stats/index.js';
import { explained, type Decision } from './decision.js';
import { keepBest, ordered, type PruningRule } from './rule.js';

/** RANDOM as a decision. Needs nothing. */
export function decideAtRandom(
  space: SearchSpace,
  { ratio, seed }: { readonly ratio: number; readonly seed: number },
): Decision {
  const { kept } = pruneAtRandom(space, ratio, seed);
  const explanation = `Drawn uniformly in each layer, seed ${String(seed)}: the control.`;
  return explained(space, { kept, scores: null, order: null, explanation }, () => 'by chance');
}

/** The control: as many choices as the other rules keep, drawn uniformly in each layer. Scores are the draws, lower stays. */
export function pruneAtRandom(space: SearchSpace, ratio: number, seed: number): PruningRule {
  const random = createRandom(seed);
  const scores = positionsOf(space).map((layer) => layer.choices.map(() => random.float()));
  const order = scores.map((draws) =>
    ordered(draws.length, (i, j) => (draws[i] as number) - (draws[j] as number)),
  );
  return keepBest(space, ratio, scores, order);
}
