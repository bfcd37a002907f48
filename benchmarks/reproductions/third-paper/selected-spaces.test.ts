import { expect, it } from 'vitest';
import { baseNetworksOf, family, keptSize } from '@espalier/nas/space';
import { accuracyOf, readAccuracyTable } from '../../fashion/accuracy-table.js';
import { selectFrom, summaries, type EvaluatedFamily } from './selected-spaces.js';

/** Real accuracies; a device on which a block takes longer the later it stands in its list. */
function evaluated(name: 'fashion-mobile' | 'fashion-blox', msPerBlock: number): EvaluatedFamily {
  const space = family(name);
  const accuracies = readAccuracyTable(name);
  const table = {
    layers: [0, 1, 2].map(() => Array.from({ length: name === 'fashion-mobile' ? 27 : 45 }, (_, at) => msPerBlock * (1 + at))),
    fixedMs: 0.1,
  }; // prettier-ignore
  const [typical = []] = baseNetworksOf(space);
  const sum = typical.reduce((total, choice, at) => total + (table.layers[at]?.[choice] ?? NaN), 0.1);
  return {
    space,
    accuracyOf: (encoding) => accuracyOf(accuracies, encoding),
    baseNetworkMs: sum,
    changesMs: table.layers.map((layer, at) => layer.map((ms) => ms - (layer[typical[at] ?? 0] ?? NaN))),
    table,
  };
}

it('chooses the accurate family when time is free and the fast one when it is dear', () => {
  const slow = evaluated('fashion-mobile', 0.05);
  const fast = evaluated('fashion-blox', 0.001);
  const free = selectFrom([slow, fast], 0, 41);
  const dear = selectFrom([slow, fast], 1, 41);
  expect([free.family.space.name, dear.family.space.name]).toEqual(['fashion-mobile', 'fashion-blox']);
  expect(free.counts['fashion-mobile']).toBe(41);
  expect(Object.values(dear.counts).every((count) => count <= 41)).toBe(true);
});

it('selects faster spaces as λ grows, and sums them up over all of their networks', () => {
  const family = evaluated('fashion-mobile', 0.05);
  const [free, dear] = [0, 1].map((lambda) => {
    const { kept } = selectFrom([family], lambda, 41);
    const [found] = summaries(family, [kept], lambda);
    expect(BigInt(found?.networks ?? -1)).toBe(keptSize(family.space, kept));
    return found;
  });
  expect(dear?.latencyMs).toBeLessThan(free?.latencyMs ?? NaN);
  expect(dear?.accuracy).toBeLessThan(free?.accuracy ?? NaN);
});
