import { positionsOf, type SearchSpace } from '../space/index.js';
import { explained, type Decision } from './decision.js';
import { ordered, PruningError, type PerChoice } from './rule.js';

/** A rule's decision with its name. */
export interface Part {
  readonly label: string;
  readonly decision: Decision;
}

/**
 * What all parts keep, or what any keeps. Scores are the mean over parts of the share of a layer's choices that rank behind; a
 * part that ranks nothing gives 1 to what it keeps and 0 to the rest. A layer whose intersection is empty keeps its best choice
 * by that score, and the explanation says so: rules that disagree about a layer know too little to close it. PruningError
 * PRUNING_INVALID_SETTINGS without parts.
 */
export function combined(
  space: SearchSpace,
  how: 'INTERSECTION' | 'UNION',
  parts: readonly Part[],
): Decision {
  if (parts.length === 0)
    throw new PruningError('PRUNING_INVALID_SETTINGS', `${how} needs at least one rule, got none`);
  const positions = positionsOf(space);
  const keepers = (at: number, i: number): readonly Part[] =>
    parts.filter(({ decision }) => decision.kept[at]?.includes(i) === true);
  const scores = meanShares(space, parts);
  const order = scores.map((layer) => ordered(layer.length, (i, j) => (layer[j] ?? 0) - (layer[i] ?? 0)));
  const least = how === 'UNION' ? 1 : parts.length;
  const agreed = positions.map(({ choices }, at) =>
    choices.flatMap((_, i) => (keepers(at, i).length >= least ? [i] : [])),
  );
  const kept = agreed.map((layer, at) => (layer.length > 0 ? layer : (order[at] ?? []).slice(0, 1)));
  const empty = positions.filter(({ index }) => agreed[index]?.length === 0).map(({ name }) => name);
  const labels = parts.map(({ label }) => label);
  const what =
    how === 'UNION' ? `Kept: what any of ${listed(labels)} keeps.` : `Kept: what ${listed(labels)} all keep.`;
  const repaired =
    empty.length === 0
      ? ''
      : ` They agree on nothing at ${listed(empty)}: the choice that they rank highest stays there.`;
  return explained(space, { kept, scores, order, explanation: what + repaired }, (at, i) => {
    const own = keepers(at, i).map(({ label }) => label);
    if (own.length === 0) return 'no rule keeps it';
    if (agreed[at]?.length === 0 && kept[at]?.includes(i) === true)
      return 'the rules agree on nothing here and rank it highest';
    return `kept by ${own.length === parts.length && parts.length > 1 ? `all of ${listed(own)}` : listed(own)}`;
  });
}

function meanShares(space: SearchSpace, parts: readonly Part[]): PerChoice {
  return positionsOf(space).map(({ choices }, at) =>
    choices.map((_, i) => {
      const shares = parts.map(({ decision: { kept, order } }): number => {
        if (order === null) return kept[at]?.includes(i) === true ? 1 : 0;
        return choices.length === 1 ? 1 : 1 - (order[at] ?? []).indexOf(i) / (choices.length - 1);
      });
      return shares.reduce((sum, share) => sum + share, 0) / parts.length;
    }),
  );
}

function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${String(names.at(-1))}`;
}
