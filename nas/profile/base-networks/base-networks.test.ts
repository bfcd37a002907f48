import { describe, expect, it } from 'vitest';
import { countMacs, networkOf, networkWithout } from '../../graph/index.js';
import {
  baseNetworksOf,
  family,
  ofaResNet50,
  positionsOf,
  typicalEncoding,
  type Encoding,
  type SearchSpace,
} from '../../space/index.js';
import { toySpace } from '../../space/testing/toy-space.js';
import { createRandom, shuffled } from '../../stats/index.js';
import { predictLatency } from '../latency-table.js';
import { baseNetworks } from '../methods/base-networks.js';
import type { MeasuredSubject, ProfileEstimate } from '../methods/method.js';
import { subjectNetwork } from '../subject.js';
import { familyCells, type BaseNetwork } from './families.js';
import { networkCost, selectSpace, usualSize, type Cell } from './selection.js';

describe('the cost of a network (algorithms.md §4.3)', () => {
  const published = { a0: 0.8, s: 2 };
  it.each([
    [0.9, 2, 0.01, 0.946229],
    [0.92, 3.3, 0.01, 0.938734],
    [0.85, 1, 0.01, 0.96531],
    [0.9, 2, 0.1, 0.901229],
    [0.92, 3.3, 0.1, 0.911462],
    [0.85, 1, 0.1, 0.87531],
  ])('of accuracy %d and %d ms with λ = %d is %d', (accuracy, ms, lambda, cost) => {
    expect(networkCost(accuracy, ms, { ...published, lambda })).toBeCloseTo(cost, 6);
  });

  it('does not depend on the unit when latencies are compared with one', () => {
    const inMs = networkCost(0.9, 2, { ...published, lambda: 0.01, referenceMs: 1.5 });
    const inMicroseconds = networkCost(0.9, 2000, { ...published, lambda: 0.01, referenceMs: 1500 });
    expect(inMs).toBeCloseTo(inMicroseconds, 12);
    expect(inMs).toBeCloseTo(networkCost(0.9, 2, { ...published, lambda: 0.015 }), 12);
  });

  it.each([0, -1, NaN])('refuses a latency of %d ms', (ms) => {
    expect(() => networkCost(0.9, ms)).toThrow(RangeError);
  });
});

describe('selection (algorithms.md §4.4)', () => {
  const families = ['vgg', 'res', 'mobile'].map((each) => `bbssp-${each}-`);

  /** Base networks with times by their multiply-accumulates and accuracies by luck. */
  function pool(space: SearchSpace, seed: number): BaseNetwork[] {
    const random = createRandom(seed);
    return baseNetworksOf(space).map((encoding) => ({
      encoding,
      accuracy: 0.85 + 0.05 * random.float(),
      latencyMs: 0.3 + countMacs(networkOf(space, encoding)) / 1e8,
    }));
  }

  it.each([
    ['5', 143],
    ['12', 339],
  ])('has the published pool at %s layers: %i networks', (layers, count) => {
    const sizes = families.map((prefix) => baseNetworksOf(family(prefix + layers)).length);
    expect(sizes.reduce((sum, each) => sum + each, 0)).toBe(count);
  });

  it.each([24, 10, 33])(
    'gives the first family with K = %i cells, and K candidates where no layer is empty',
    (size) => {
      const found = families.map((prefix, seed) => {
        const space = family(`${prefix}5`);
        return familyCells(space, pool(space, seed));
      });
      const cells = found.flatMap((each) => each.cells);
      expect(cells).toHaveLength(5 * (13 + 9 + 9));
      const all = found.flatMap((each) => each.families);
      const selected = selectSpace(all, cells, size);
      const { candidates, counts, family: winner } = selected;
      expect(counts[winner]).toBe(size);
      for (const [name, count] of Object.entries(counts))
        if (name !== winner) expect(count).toBeLessThan(size);
      const limit =
        cells.filter((cell) => cell.family === winner).sort((a, b) => a.cost - b.cost)[size - 1]?.cost ?? NaN;
      const cheap = (layer: number): number[] =>
        cells
          .filter((cell) => cell.family === winner && cell.layer === layer && cell.cost <= limit)
          .map(({ block }) => block);
      const defaults = all.find(({ name }) => name === winner)?.defaults ?? [];
      candidates.forEach((chosen, layer) => {
        if (cheap(layer).length === 0) expect(chosen).toEqual([defaults[layer]]);
        else expect(cheap(layer)).toEqual(expect.arrayContaining([...chosen]));
      });
      if (candidates.every((_, layer) => cheap(layer).length > 0))
        expect(candidates.flat()).toHaveLength(size);
    },
  );

  it('has the published sizes', () => {
    expect([usualSize(5, 9), usualSize(5, 13)]).toEqual([23, 33]);
  });

  it('keeps the default only where a layer has nothing, and breaks ties by family, layer and block', () => {
    const cell = (name: string, layer: number, block: number, cost: number): Cell => ({
      family: name,
      layer,
      block,
      cost,
    });
    const two = ['a', 'b'].map((name) => ({ name, layers: 2, defaults: [0, 0] }));
    const cells = [
      cell('b', 0, 1, 1), cell('b', 0, 0, 1), cell('a', 0, 2, 1), cell('a', 0, 1, 1),
      cell('a', 0, 0, 5), cell('a', 1, 0, 5), cell('b', 1, 0, 5),
    ]; // prettier-ignore
    const expected = { family: 'a', candidates: [[1, 2], [0]], counts: { a: 2, b: 0 }, cost: 1 };
    for (let seed = 0; seed < 10; seed++)
      expect(selectSpace(two, shuffled(cells, createRandom(seed)), 2)).toEqual(expected);
  });

  it('finds the families of a space that offers several in every layer', () => {
    const space = family('bbssp-all-5');
    const { families: found, cells } = familyCells(space, pool(space, 1));
    expect(found.map(({ name }) => name)).toEqual([
      'bbssp-all-5 conv-chain',
      'bbssp-all-5 two-branch',
      'bbssp-all-5 mbconv',
    ]);
    expect(cells).toHaveLength(5 * 31);
    expect(found[1]?.defaults).toEqual([13, 13, 13, 13, 13]);
    expect(selectSpace(found, cells, 24).candidates.flat().length).toBeGreaterThanOrEqual(24);
  });

  it('refuses more cells than there are, and cells of nobody', () => {
    const one = [{ name: 'a', layers: 1, defaults: [0] }];
    expect(() => selectSpace(one, [], 1)).toThrow('no family has 1 cells');
    expect(() => selectSpace(one, [{ family: 'x', layer: 0, block: 0, cost: 1 }], 1)).toThrow('no such cell');
    expect(() => selectSpace(one, [], 0)).toThrow(RangeError);
  });
});

/** What a device would measure whose times depend on all of a network at once. */
function profile(
  space: SearchSpace,
  noise = 0,
): { estimate: ProfileEstimate; timeOf: (e: Encoding) => number } {
  const random = createRandom(2);
  const options = { fitNetworks: 15, heldOutNetworks: 15 };
  const ms = (macs: number, nodes: number): number => 0.2 + macs / 1e8 + nodes / 500 + Math.sqrt(macs) / 1e5;
  const timeOf = (encoding: Encoding): number => {
    const network = networkOf(space, encoding);
    return ms(countMacs(network), network.nodes.length);
  };
  const results = baseNetworks.plan(space, options).subjects.map((planned): MeasuredSubject => {
    const network = subjectNetwork(space, planned.subject);
    const ideal = ms(countMacs(network), network.nodes.length);
    const rounds = Array.from({ length: 6 }, () => [ideal * (1 + noise * random.float())]);
    return { ...planned, rounds, referenceMs: [], unstable: false };
  });
  return { estimate: baseNetworks.estimate(space, options, results), timeOf };
}

describe('BASE_NETWORKS (algorithms.md §4.5)', () => {
  const depths = toySpace([2, 4]);
  const constrained = toySpace(
    [4],
    [{ when: { position: 1, choices: [1] }, then: { position: 2, choices: [1] } }],
  );

  it.each([
    family('bbssp-res-5'),
    family('fashion-blox'),
    family('nasbench201-cifar10'),
    ofaResNet50(),
    depths,
    constrained,
  ])('is exact for the base network and every single swap: $name', (space) => {
    const { estimate, timeOf } = profile(space);
    for (const encoding of baseNetworksOf(space)) {
      const predicted = predictLatency(estimate.uncorrected, encoding);
      expect(Math.abs(predicted - timeOf(encoding))).toBeLessThan(0.0011);
    }
    expect(estimate.table.layers.map(({ length }) => length)).toEqual(
      positionsOf(space).map(({ choices }) => choices.length),
    );
    expect(Math.min(...estimate.table.layers.flat())).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(JSON.stringify(estimate.details))).toEqual(estimate.details);
  });

  it('tells the base vector, which with the constant makes up the base network', () => {
    const { estimate, timeOf } = profile(family('bbssp-mobile-5'), 0.01);
    const { baseMs, baseNetworkMs } = estimate.details as { baseMs: number[]; baseNetworkMs: number };
    const sum = baseMs.reduce((total, each) => total + each, estimate.uncorrected.fixedMs);
    expect(sum).toBeCloseTo(baseNetworkMs, 9);
    expect(baseNetworkMs / timeOf(typicalEncoding(family('bbssp-mobile-5')))).toBeCloseTo(1, 1);
    expect(Math.min(...baseMs)).toBeGreaterThan(0);
    expect(estimate.quality.additivity?.networks).toBe(15);
    expect(estimate.quality.repeatability?.spearman).toBeGreaterThan(0.9);
  });

  it('names what was not measured', () => {
    expect(() => baseNetworks.estimate(depths, {}, [])).toThrow(/network .* was not measured/);
  });

  it('refuses options of other methods', () => {
    expect(() => baseNetworks.plan(depths, { copies: [1, 4] })).toThrow('copies: no such option');
  });
});

describe('a network without a layer', () => {
  it('has less to do, and the same shapes around the layer', () => {
    const space = family('bbssp-res-12');
    const typical = typicalEncoding(space);
    const whole = countMacs(networkOf(space, typical));
    for (const { index } of positionsOf(space))
      expect(countMacs(networkWithout(space, typical, index))).toBeLessThan(whole);
  });

  it('is refused where nothing is built', () => {
    const space = ofaResNet50();
    expect(() => networkWithout(space, typicalEncoding(space), 0)).toThrow('builds no block');
  });
});
