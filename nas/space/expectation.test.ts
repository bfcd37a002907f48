import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.js';
import {
  blockResponses,
  choiceMeasure,
  choiceProbabilities,
  expectedSum,
  families,
  family,
  placementEffects,
  placementsOf,
  positionsOf,
  sampleByChoices,
  type DepthGuard,
} from './index.js';
import { NOTE10, NOTE10_FIXED, NOTE10_UNITS } from './testing/note10.js';

const space = family('ofa-mbv3-w12');
const note10Effects = (guard: DepthGuard): ReturnType<typeof placementEffects> =>
  placementEffects(space, (measure) => expectedSum(measure, NOTE10, NOTE10_FIXED), { guard });

/** Within what the reference rounds to. */
function expectNear(found: number | undefined, expected: number, tolerance: number): void {
  expect(Math.abs((found ?? NaN) - expected)).toBeLessThanOrEqual(tolerance);
}

describe('exact expectations on the Note10 (algorithms.md §2.3, §2.5)', () => {
  it('of all networks, and the share of each unit', () => {
    const measure = choiceMeasure(space);
    expectNear(expectedSum(measure, NOTE10, NOTE10_FIXED), 41.796, 0.001);
    const shares = NOTE10_UNITS.map((_, unit) =>
      expectedSum(
        measure,
        NOTE10.map((costs, at) => (Math.floor(at / 4) === unit ? costs : [])),
      ),
    );
    [14.106, 6.306, 4.373, 7.314, 4.788].forEach((share, unit) => {
      expectNear(shares[unit], share, 0.001);
    });
  });
  it.each<[DepthGuard, number[]]>([
    ['strict', [41.56, 41.93, 42.45, 41.98, 42.47, 43.14, 42.87, 43.6, 44.64]],
    ['released', [41.13, 41.4, 41.79, 41.44, 41.81, 42.3, 42.11, 42.65, 43.41]],
  ])('of the nine blocks, %s guard', (guard, expected) => {
    const responses = blockResponses(note10Effects(guard));
    expect([...responses.keys()]).toEqual('e3k3 e3k5 e3k7 e4k3 e4k5 e4k7 e6k3 e6k5 e6k7'.split(' '));
    [...responses.values()].forEach((found, block) => {
      expectNear(found, expected[block] ?? NaN, 0.01);
    });
  });
  it.each<[unit: number, layer: number, block: string, strict: number, released: number | null]>([
    [1, 1, 'e3k3', -2.572, -2.572],
    [1, 1, 'e6k7', 4.115, 4.115],
    [1, 4, 'e3k3', 1.916, 0.639],
    [1, 4, 'e6k7', 9.089, 3.03],
    [2, 1, 'e6k7', 1.593, null],
    [3, 3, 'e4k5', 0.639, -0.093],
    [4, 4, 'e3k3', 1.634, 0.545],
    [5, 1, 'e6k7', 0.846, null],
    [5, 4, 'e6k7', 2.392, 0.797],
  ])('of unit %i, layer %i, %s', (unit, layer, block, strict, released) => {
    const effect = (guard: DepthGuard): number | undefined =>
      note10Effects(guard).find(
        (each) => each.block === block && each.held[0]?.position === 4 * (unit - 1) + layer - 1,
      )?.effect;
    expectNear(effect('strict'), strict, 0.001);
    if (released !== null) expectNear(effect('released'), released, 0.001);
  });
  it.each<[DepthGuard, number, number]>([
    ['strict', 3, 8],
    ['released', 3, 8],
    ['repaired', 14, 4],
    ['strict', 14, 4],
  ])('are what samples come to: %s guard, position %i, choice %i', (guard, position, choice) => {
    const measure = choiceMeasure(space, { held: [{ position, choice }], guard });
    const random = createRandom(7);
    const draws = Array.from({ length: 20_000 }, () =>
      sampleByChoices(measure, random).reduce(
        (sum, taken, at) => sum + (NOTE10[at]?.[taken] ?? 0),
        NOTE10_FIXED,
      ),
    );
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (draws.length - 1);
    const standardError = Math.sqrt(variance / draws.length);
    expectNear(mean, expectedSum(measure, NOTE10, NOTE10_FIXED), 3 * standardError);
  });
});

describe('placements', () => {
  it.each([
    ['ofa-mbv3-w10', 180],
    ['ofa-mbv3-w12', 180],
    ['ofa-proxyless-w13', 189],
    ['ofa-resnet50', 169],
    ['nasbench201-cifar10', 30],
    ['fbnet-imagenet', 198],
    ['blox', 135],
  ])('%s has %i', (name, count) => {
    expect(placementsOf(family(name))).toHaveLength(count);
  });
  it.each(families)('$name: each is held by some network, and its effects add up to nothing', (each) => {
    const costs = positionsOf(each).map(({ choices }, at) =>
      choices.map((_, choice) => at + choice * choice),
    );
    const chances = choiceProbabilities(choiceMeasure(each));
    const effects = placementEffects(each, (measure) => expectedSum(measure, costs));
    expect(effects).toHaveLength(placementsOf(each).length);
    // The law of total expectation, at a position that every network has.
    const first = effects.filter(({ held }) => held.length === 1 && held[0]?.position === 0);
    const total = first.reduce(
      (sum, { held: [one], effect }) => sum + effect * (chances[0]?.[one?.choice ?? -1] ?? NaN),
      0,
    );
    expect(total).toBeCloseTo(0, 6);
  });
  it('leaves out what is not kept', () => {
    const kept = positionsOf(space).map(({ choices }) =>
      choices.flatMap(({ name }, choice) => (name.endsWith('k7') ? [] : [choice])),
    );
    const effects = placementEffects(space, (measure) => expectedSum(measure, NOTE10), { kept });
    expect(effects).toHaveLength(120);
  });
});
