import { enumerateEncodings, implicationsOf, positionsOf, type SearchSpace } from '../space/index.js';
import { SearchError } from './error.js';

/** Combinations of a space with constraints that are listed at most: 64 MiB. */
const MOST_COMBINATIONS = 2 ** 24;

/**
 * Where each combination of choices (a mixed-radix number, first position slowest) stands in the order of `encodingIndex`; −1
 * for one that is no network. Null for a space without constraints: there both are the same. SearchError
 * SEARCH_INVALID_SETTINGS when there are too many to be listed.
 */
export function placesInGrid(space: SearchSpace): Int32Array | null {
  if (implicationsOf(space).length === 0) return null;
  const known = cache.get(space);
  if (known !== undefined) return known;
  const radix = positionsOf(space).map(({ choices }) => choices.length);
  const combinations = radix.reduce((product, count) => product * count, 1);
  if (combinations > MOST_COMBINATIONS)
    throw new SearchError(
      'SEARCH_INVALID_SETTINGS',
      `${space.name} has constraints and is too large to be tabulated: ${combinations.toExponential(1)} combinations, expected at most ${String(MOST_COMBINATIONS)}`,
    );
  const places = new Int32Array(combinations).fill(-1);
  let place = 0;
  for (const encoding of enumerateEncodings(space))
    places[encoding.reduce((index, choice, layer) => index * (radix[layer] ?? 1) + choice, 0)] = place++;
  cache.set(space, places);
  return places;
}

const cache = new WeakMap<SearchSpace, Int32Array>();
