import { expect, it } from 'vitest';
import { predictLatency } from '@espalier/nas/profile';
import { baseNetworksOf, keepAll } from '@espalier/nas/space';
import { tabledFamilies } from './evaluated-families.js';
import { poolOf, selectFrom, summaries } from './selected-spaces.js';

const families = tabledFamilies('cpu-1t');

it('has the cells of both families, and what base networks take by the recorded tables', () => {
  expect(poolOf(families, 0.01).cells).toHaveLength(3 * (27 + 45));
  for (const { space, table, baseNetworkMs, changesMs } of families) {
    const [typical = [], ...swaps] = baseNetworksOf(space);
    for (const encoding of swaps) {
      const at = encoding.findIndex((choice, layer) => choice !== typical[layer]);
      const ms = baseNetworkMs + (changesMs[at]?.[encoding[at] ?? 0] ?? NaN);
      expect(ms).toBeCloseTo(predictLatency(table, encoding), 9);
    }
  }
});

it('selects, from measured blocks and true accuracies, networks that cost less than those of the whole family', () => {
  const { family, kept } = selectFrom(families, 0.01, 41);
  const [selected, whole] = summaries(family, [kept, keepAll(family.space)], 0.01);
  expect(selected?.cost).toBeLessThan(whole?.cost ?? NaN);
  expect(selected?.latencyMs).toBeLessThan(0.7 * (whole?.latencyMs ?? NaN));
});
