import { unitsOf } from '../search/units.js';
import { positionsOf, type KeptChoices, type SearchSpace } from '../space/index.js';
import { mean } from '../stats/index.js';
import type { PerChoice } from './rule.js';

/**
 * How likely each unit (`unitsOf`) is to change in a child: 0.5, and 0.25 where the choices that stay move neither accuracy nor
 * latency by half of what those of the mean unit do. Mills et al. 2021 chose such odds by eye, for the NPU only, on which no
 * block that stays changes the latency much and accuracy depends on the last two units; this rule is ours.
 */
export function mutationProbabilities(
  space: SearchSpace,
  kept: KeptChoices,
  accuracy: PerChoice,
  latencyMs: PerChoice,
): readonly number[] {
  const units = unitsOf(space);
  const positions = positionsOf(space);
  const spreads = (table: PerChoice): readonly number[] =>
    units.map(({ layers, absent }) =>
      mean(
        layers.map((layer, at) => {
          const choices = (kept[layer] ?? []).filter(
            (i) => i !== absent[at] && i < (positions[layer]?.choices.length ?? 0),
          );
          const values = choices.map((i) => table[layer]?.[i] ?? 0);
          return values.length === 0 ? 0 : Math.max(...values) - Math.min(...values);
        }),
      ),
    );
  const matters = [accuracy, latencyMs].map((table) => {
    const own = spreads(table);
    const usual = mean(own);
    return own.map((spread) => usual > 0 && spread >= usual / 2);
  });
  return units.map((_, unit) => (matters.some((each) => each[unit]) ? 0.5 : 0.25));
}
