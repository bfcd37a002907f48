import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluated } from '../search/index.js';
import {
  baseNetworksOf,
  family,
  keptSize,
  positionsOf,
  typicalEncoding,
  type SearchSpace,
} from '../space/index.js';
import { toySpace } from '../space/testing/toy-space.js';
import { createRandom } from '../stats/index.js';
import { selectSpace } from '../profile/index.js';
import { prune, type Decision, type Evidence } from './index.js';

/** Base networks with given costs of cells [layer][block], made of accuracy alone: latencies are equal, so λ plays no part. */
function withCosts(space: SearchSpace, cost: (layer: number, block: number) => number): Evaluated[] {
  const typical = typicalEncoding(space);
  return baseNetworksOf(space).map((encoding) => {
    const layer = encoding.findIndex((choice, at) => choice !== typical[at]);
    const own = layer < 0 ? cost(-1, -1) : cost(layer, encoding[layer] ?? -1);
    return { encoding, error: own, latencyMs: 1 };
  });
}

/** The candidates cost little, the defaults (all of them the base network's cost) less or more, the rest the most. */
function tableOf(
  space: SearchSpace,
  candidates: readonly (readonly number[])[],
  areDefaultsCheap: boolean,
): Evidence {
  return {
    baseNetworks: withCosts(space, (layer, block) =>
      layer < 0 ? (areDefaultsCheap ? 1 : 30) : candidates[layer]?.includes(block) === true ? 5 : 40,
    ),
  };
}

const layersKept = ({ kept }: Decision): readonly (readonly number[])[] => kept;

describe('base-network cost (algorithms.md §4.4)', () => {
  const res5 = family('bbssp-res-5');

  // Defaults are among the published candidates of layers 2 and 5 and not of layer 1, so they did not all cost the same there,
  // as the published algorithm has it: these tables give each cell its own cost.
  it.each([
    [0.001, [[1, 2, 3, 5], [0, 2, 3, 5], [3], [1, 2, 3, 4, 5, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7]], 896n],
    [
      0.01,
      [
        [3, 4],
        [0, 1, 2, 3, 4, 5, 6, 8],
        [1, 3],
        [1, 2, 3, 4, 5, 7, 8],
        [0, 3, 4, 6, 7],
      ],
      1120n,
    ],
    [0.1, [[3], [0, 1, 2, 3, 4, 5, 6, 8], [1, 3, 5], [1, 3, 4, 5, 6, 7, 8], [0, 3, 4, 6, 7]], 840n],
  ])('gives the published 24 cells at λ = %d when they are the cheapest', (_lambda, found, networks) => {
    const cells = ['vgg', 'res', 'mobile'].flatMap((name, family) =>
      found.flatMap((row, layer) =>
        Array.from({ length: 9 }, (_, block) => ({
          family: name,
          layer,
          block,
          cost: family === 1 && row.includes(block) ? 0.8 + block / 1000 : 0.9 + family / 10,
        })),
      ),
    );
    const families = ['vgg', 'res', 'mobile'].map((name) => ({ name, layers: 5, defaults: [0, 0, 0, 0, 0] }));
    const { candidates, counts } = selectSpace(families, cells, 24);
    expect(candidates).toEqual(found);
    expect(counts).toEqual({ vgg: 0, res: 24, mobile: 0 });
    expect(keptSize(res5, candidates)).toBe(networks);
  });
  it('takes defaults among the cheapest like any other cell', () => {
    const found = [[3], [1, 2], [3], [1], [4]];
    const decision = prune(
      res5,
      { rule: 'BASE_NETWORK_COST', lambda: 0, cells: 11 },
      tableOf(res5, found, true),
    );
    expect(layersKept(decision)).toEqual(found.map((row) => [0, ...row]));
    expect(keptSize(res5, decision.kept)).toBe(48n);
  });
  it('keeps the default only where a layer has no other, and says so', () => {
    // λ = 0.001 of the paper: layer 3 is {3} without the default; here layer 4 gets none at all.
    const found = [[1, 2, 3, 5], [2, 3, 5], [3], [], [1, 2, 3]];
    const decision = prune(
      res5,
      { rule: 'BASE_NETWORK_COST', lambda: 0.001, cells: 11 },
      tableOf(res5, found, false),
    );
    expect(layersKept(decision)).toEqual([[1, 2, 3, 5], [2, 3, 5], [3], [0], [1, 2, 3]]);
    expect(decision.reasons[3]?.[0]).toMatch(/^stays: .*the default, where no block is among the cheapest/);
    expect(decision.reasons[2]?.[0]).toMatch(/^goes: cost/);
  });
  it('spreads 60 cells over twelve layers as published: 4 7 8 9 9 9 5 5 1 1 1 1', () => {
    const space = family('bbssp-res-12');
    const counts = [4, 7, 8, 9, 9, 9, 5, 5, 1, 1, 1, 1];
    // Defaults of all layers are among the 60.
    const found = counts.map((count) => Array.from({ length: count - 1 }, (_, i) => i + 1));
    const decision = prune(
      space,
      { rule: 'BASE_NETWORK_COST', lambda: 0.01, cells: 60 },
      tableOf(space, found, true),
    );
    expect(decision.kept.map(({ length }) => length)).toEqual(counts);
    expect(decision.kept.flat()).toHaveLength(60);
  });
  it('lets the first family with K cells win, in a space that offers several', () => {
    const space = family('bbssp-all-5');
    const isRes = (block: number): boolean => block >= 13 && block < 22;
    const baseNetworks = withCosts(space, (layer, block) =>
      layer < 0 || isRes(block) ? 10 : block < 13 ? 20 : 15,
    );
    const decision = prune(space, { rule: 'BASE_NETWORK_COST', lambda: 0.01, cells: 24 }, { baseNetworks });
    expect(decision.kept.flat().every(isRes)).toBe(true);
    // Equals are taken by layer: what the 24 leave empty keeps its default.
    expect(decision.kept.map(({ length }) => length)).toEqual([9, 9, 6, 1, 1]);
    expect(decision.reasons[0]?.[0]).toMatch(/conv-chain had 0 when bbssp-all-5 two-branch had 24/);
    // Three cheap VGG cells do not make a winner.
    const few = withCosts(space, (layer, block) =>
      layer === 0 && block < 3 ? 1 : layer < 0 || isRes(block) ? 10 : 20,
    );
    expect(
      prune(space, { rule: 'BASE_NETWORK_COST', lambda: 0.01, cells: 24 }, { baseNetworks: few }).explanation,
    ).toMatch(/conv-chain 3, .*two-branch 24/);
  });
  it.each([
    [0.5, 23],
    [undefined, 23],
    [0.9, 5],
    [0, 45],
  ])('of ratio %s takes ceil((1 − ratio) · 45) cells: %i', (ratio, count) => {
    const random = createRandom(1);
    const baseNetworks = withCosts(res5, () => 5 + 10 * random.float());
    expect(
      prune(res5, { rule: 'BASE_NETWORK_COST', lambda: 0.01, ratio }, { baseNetworks }).explanation,
    ).toContain(`the ${String(count)} cheapest cells`);
  });
  it('treats a space whose kinds of blocks need each other as one family', () => {
    for (const space of [family('nasbench201-cifar10'), family('nasbench-macro'), family('fashion-blox')]) {
      const random = createRandom(2);
      const baseNetworks = withCosts(space, () => 5 + 10 * random.float());
      const { explanation } = prune(space, { rule: 'BASE_NETWORK_COST', lambda: 0.01 }, { baseNetworks });
      expect(explanation).toContain(`cells of ${space.name},`);
    }
  });
  it('leaves widths, resolution and leaving layers out alone, and works without some base networks', () => {
    const space = toySpace([2, 4]);
    const baseNetworks = withCosts(space, (layer, block) => 10 + layer + block).slice(0, -3);
    const { kept } = prune(space, { rule: 'BASE_NETWORK_COST', lambda: 0.01, ratio: 0.5 }, { baseNetworks });
    positionsOf(space).forEach(({ kind, choices }, at) => {
      if (kind !== 'layer') expect(kept[at]).toHaveLength(choices.length);
      const absent = choices.findIndex(({ block }) => block.kind === 'absent');
      if (absent >= 0) expect(kept[at]).toContain(absent);
    });
  });
});

describe('λ', () => {
  it('moves the trade-off monotonically: a larger one keeps faster cells that cost more accuracy', () => {
    const space = family('bbssp-res-5');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 5, max: 40 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 }),
        (seed, cells, lambdas) => {
          const random = createRandom(seed);
          const baseNetworks = baseNetworksOf(space).map((encoding) => ({
            encoding,
            error: 5 + 10 * random.float(),
            latencyMs: 0.5 + 3 * random.float(),
          }));
          // Sums over the kept cells of 1/t and of the accuracy's cost; a layer kept by default only is not among them.
          const traded = [...lambdas]
            .sort((a, b) => a - b)
            .map((lambda) => sums(space, baseNetworks, lambda, cells));
          for (let at = 1; at < traded.length; at++) {
            expect(traded[at]?.speed).toBeGreaterThanOrEqual((traded[at - 1]?.speed ?? NaN) - 1e-9);
            expect(traded[at]?.accuracyCost).toBeGreaterThanOrEqual(
              (traded[at - 1]?.accuracyCost ?? NaN) - 1e-9,
            );
          }
        },
      ),
      { seed: 13, numRuns: 60 },
    );
  });
});

function sums(
  space: SearchSpace,
  baseNetworks: readonly Evaluated[],
  lambda: number,
  cells: number,
): { readonly speed: number; readonly accuracyCost: number } {
  const { kept, reasons } = prune(space, { rule: 'BASE_NETWORK_COST', lambda, cells }, { baseNetworks });
  const typical = typicalEncoding(space);
  const known = new Map(baseNetworks.map((each) => [each.encoding.join(), each]));
  let [speed, accuracyCost, counted] = [0, 0, 0];
  kept.forEach((row, layer) => {
    for (const block of row) {
      if (reasons[layer]?.[block]?.includes('the default, where') === true) continue;
      const network = known.get(typical.map((usual, at) => (at === layer ? block : usual)).join());
      counted++;
      speed += 1 / (network?.latencyMs ?? NaN);
      accuracyCost += Math.exp(-(1 - (network?.error ?? NaN) / 100 - 0.8) / 2);
    }
  });
  expect(counted).toBe(cells);
  return { speed, accuracyCost };
}

describe('bad input to base-network cost', () => {
  const space = family('bbssp-res-5');
  const baseNetworks = withCosts(space, () => 10);
  it.each([
    ['λ below 0', { lambda: -1 }, baseNetworks, 'PRUNING_INVALID_SETTINGS'],
    ['λ NaN', { lambda: NaN }, baseNetworks, 'PRUNING_INVALID_SETTINGS'],
    ['more cells than there are', { lambda: 1, cells: 46 }, baseNetworks, 'PRUNING_INVALID_SETTINGS'],
    ['no cells', { lambda: 1, cells: 0 }, baseNetworks, 'PRUNING_INVALID_SETTINGS'],
    ['cells and a ratio', { lambda: 1, cells: 5, ratio: 0.5 }, baseNetworks, 'PRUNING_INVALID_SETTINGS'],
    ['a ratio of 1', { lambda: 1, ratio: 1 }, baseNetworks, 'PRUNING_INVALID_RATIO'],
    ['a reference of 0 ms', { lambda: 1, referenceMs: 0 }, baseNetworks, 'PRUNING_INVALID_SETTINGS'],
    ['no typical network', { lambda: 1 }, baseNetworks.slice(1), 'PRUNING_MISSING_EVIDENCE'],
    [
      'a latency of 0',
      { lambda: 1 },
      baseNetworks.map((each) => ({ ...each, latencyMs: 0 })),
      'PRUNING_INVALID_VALUES',
    ],
    [
      'an error of 101 %',
      { lambda: 1 },
      baseNetworks.map((each) => ({ ...each, error: 101 })),
      'PRUNING_INVALID_VALUES',
    ],
  ] as const)('refuses %s', (_what, settings, networks, code) => {
    expect(() =>
      prune(space, { rule: 'BASE_NETWORK_COST', ...settings }, { baseNetworks: networks }),
    ).toThrow(expect.objectContaining({ code }) as Error);
  });
});
