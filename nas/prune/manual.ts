import { positionsOf, parseKept, type KeptChoices, type SearchSpace } from '../space/index.js';
import type { Decision } from './decision.js';
import { ordered, PruningError, type PruningRule } from './rule.js';

/**
 * MANUAL as a decision. Needs nothing. PruningError PRUNING_EMPTY_LAYER for a layer without choices, SpaceError for choices that
 * the layer does not have.
 */
export function decideByHand(space: SearchSpace, { kept }: { readonly kept: KeptChoices }): Decision {
  const empty = positionsOf(space).find(({ index }) => kept[index]?.length === 0);
  if (empty !== undefined)
    throw new PruningError('PRUNING_EMPTY_LAYER', `${empty.name} would be left without choices`);
  const checked = parseKept(space, kept);
  return {
    kept: checked,
    scores: null,
    order: null,
    reasons: positionsOf(space).map(({ choices }, at) =>
      choices.map((_, i) =>
        checked[at]?.includes(i) === true ? 'stays: chosen by hand' : 'goes: removed by hand',
      ),
    ),
    explanation: 'Chosen by hand.',
  };
}

/**
 * Removes what a person names: `removed[layer]` lists choices, a missing or empty list removes nothing. Scores are 1 for
 * kept and 0 for removed. PruningError PRUNING_EMPTY_LAYER when a layer would be left empty, SpaceError for choices that the
 * layer does not have.
 */
export function pruneManually(space: SearchSpace, removed: readonly (readonly number[])[]): PruningRule {
  const layers = positionsOf(space);
  if (removed.length > layers.length)
    throw new PruningError(
      'PRUNING_INVALID_VALUES',
      `${space.name} has ${String(layers.length)} layers, got ${String(removed.length)} lists`,
    );
  // Every removed choice must exist: a misspelt index is refused, not ignored.
  parseKept(
    space,
    layers.map((layer, at) => (removed[at]?.length ? removed[at] : layer.choices.map((_, i) => i))),
    'removed',
  );
  const kept = layers.map((layer, at) => {
    const rest = layer.choices.flatMap((_, i) => (removed[at]?.includes(i) === true ? [] : [i]));
    if (rest.length === 0)
      throw new PruningError('PRUNING_EMPTY_LAYER', `${layer.name} would be left without choices`);
    return rest;
  });
  const scores = layers.map((layer, at) => layer.choices.map((_, i) => (kept[at]?.includes(i) ? 1 : 0)));
  const order = scores.map((marks) =>
    ordered(marks.length, (i, j) => (marks[j] as number) - (marks[i] as number)),
  );
  return { kept, scores, order };
}
