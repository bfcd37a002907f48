import { positionsOf, type KeptChoices, type SearchSpace } from '../space/index.js';
import { competes, keptCount, PruningError, type PerChoice } from './rule.js';

/** Compares choice i of a layer with choice j of another: below 0 when the first comes first. */
export type ComparePairs = (layer: number, i: number, other: number, j: number) => number;

/**
 * Ranks blocks by their mean place in the layers' orders. Scores are how many others a block beats in the mean layer. Ties go to
 * more parameters in all layers, then to the lower latency, then to the earlier block. PruningError PRUNING_INVALID_SETTINGS
 * where a layer lacks a block that another has.
 */
export function sharedRanking(
  space: SearchSpace,
  order: readonly (readonly number[])[],
  paramCount: PerChoice,
  latencyMs: PerChoice,
): { readonly scores: PerChoice; readonly order: readonly (readonly number[])[] } {
  const layers = positionsOf(space).filter(({ choices }) => choices.some(competes));
  const names = layers[0]?.choices.filter(competes).map(({ name }) => name) ?? [];
  const at = layers.map((layer) => {
    const own = layer.choices.filter(competes).map(({ name }) => name);
    const odd = [
      ...own.filter((each) => !names.includes(each)),
      ...names.filter((each) => !own.includes(each)),
    ];
    if (odd.length > 0)
      throw new PruningError(
        'PRUNING_INVALID_SETTINGS',
        `SHARED needs the same blocks in every layer: ${String(odd[0])} is in only one of ${layers[0]?.name ?? ''} and ${layer.name}`,
      );
    return names.map((name) => layer.choices.findIndex((choice) => choice.name === name));
  });
  const sums = names.map((_, block) => {
    const total = { beaten: 0, params: 0, latencyMs: 0 };
    layers.forEach(({ index, choices }, layer) => {
      const choice = at[layer]?.[block] ?? -1;
      const ranked = (order[index] ?? []).filter((i) => choices[i] !== undefined && competes(choices[i]));
      total.beaten += ranked.length - 1 - ranked.indexOf(choice);
      total.params += paramCount[index]?.[choice] ?? 0;
      total.latencyMs += latencyMs[index]?.[choice] ?? 0;
    });
    return { block, ...total };
  });
  const best = [...sums].sort(
    (a, b) => b.beaten - a.beaten || b.params - a.params || a.latencyMs - b.latencyMs || a.block - b.block,
  );
  const scores = positionsOf(space).map(({ choices }) => choices.map(() => 0));
  const shared = positionsOf(space).map(({ choices }) => choices.map((_, i) => i));
  layers.forEach(({ index, choices }, layer) => {
    for (const { block, beaten } of sums) {
      const row = scores[index];
      if (row !== undefined) row[at[layer]?.[block] ?? -1] = beaten / layers.length;
    }
    const rivals = best.map(({ block }) => at[layer]?.[block] ?? -1);
    shared[index] = [...rivals, ...choices.flatMap((choice, i) => (competes(choice) ? [] : [i]))];
  });
  return { scores, order: shared };
}

/** Keeps the best of each layer and then the best of all until the share `ratio` is gone; earlier layers first where equal. */
export function keptGlobally(
  space: SearchSpace,
  ratio: number,
  order: readonly (readonly number[])[],
  compare: ComparePairs,
): KeptChoices {
  const layers = positionsOf(space);
  const pairs = layers.flatMap(({ index, choices }) =>
    choices.flatMap((choice, i) => (competes(choice) ? [{ layer: index, choice: i }] : [])),
  );
  const first = new Set<string>();
  for (const { index, choices } of layers) {
    const best = order[index]?.find((i) => choices[i] !== undefined && competes(choices[i]));
    if (best !== undefined) first.add(`${String(index)}.${String(best)}`);
  }
  const isFirst = (pair: { layer: number; choice: number }): boolean =>
    first.has(`${String(pair.layer)}.${String(pair.choice)}`);
  const ranked = [...pairs].sort(
    (a, b) =>
      Number(isFirst(b)) - Number(isFirst(a)) ||
      compare(a.layer, a.choice, b.layer, b.choice) ||
      a.layer - b.layer ||
      a.choice - b.choice,
  );
  const count = pairs.length === 0 ? 0 : Math.max(first.size, keptCount(pairs.length, ratio));
  const staying = ranked.slice(0, count);
  return layers.map(({ index, choices }) =>
    choices.flatMap((choice, i) =>
      !competes(choice) || staying.some((pair) => pair.layer === index && pair.choice === i) ? [i] : [],
    ),
  );
}
