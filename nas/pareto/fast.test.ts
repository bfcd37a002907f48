import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.js';
import { dominates, type Points } from './dominance.js';
import { column } from './filter.js';
import {
  additiveEpsilon,
  attainmentSurface,
  generationalDistance,
  generationalDistancePlus,
  hypervolume2d,
  hypervolume3d,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  multiplicativeEpsilon,
  nonDominated,
  nonDominated2d,
  nonDominated3d,
  nonDominatedPlain,
  nonDominationRanks,
  nonDominationRanks2d,
  nonDominationRanks3d,
  nonDominationRanksPlain,
} from './index.js';
import { nearestDistancesPlain } from './indicators.js';
import { euclidean, excessOfQuery, excessOverQuery, largestDifference, largestRatio } from './measures.js';
import { lexicographicOrder } from './sort-order.js';

const coordinate = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, 0, Infinity, -Infinity),
);
const points3 = fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 120 });

/** Values of many shapes: even, few levels, crowded into one end, with outliers. */
const shapes: Readonly<Record<string, (random: () => number) => number>> = {
  uniform: (random) => random(),
  'twelve levels': (random) => Math.floor(12 * random()),
  crowded: (random) => random() ** 12,
  'one outlier in a thousand': (random) => (random() < 0.001 ? 1e300 * random() : random()),
  'both signs': (random) => Math.tan(Math.PI * (random() - 0.5)),
};

describe.each(Object.entries(shapes))('values that are %s', (_, draw) => {
  const random = createRandom(5);
  const columnOf = (n: number): Float64Array =>
    Float64Array.from({ length: n }, () => draw(() => random.float()));

  it.each([10, 200, 5000, 40_000])('%i are sorted by value, then the next column, then index', (n) => {
    const [x, y] = [columnOf(n), columnOf(n).map((value) => Math.round(value * 4))];
    const order = lexicographicOrder([x, y]);
    const expected = Uint32Array.from(x.keys()).sort(
      (i, j) =>
        Number((x[i] ?? 0) > (x[j] ?? 0)) - Number((x[i] ?? 0) < (x[j] ?? 0)) ||
        Number((y[i] ?? 0) > (y[j] ?? 0)) - Number((y[i] ?? 0) < (y[j] ?? 0)) ||
        i - j,
    );
    expect(order).toEqual(expected);
  });

  it('three objectives, one the same for all, are filtered and ranked as two', () => {
    const n = 20_000;
    const [x, y] = [columnOf(n), columnOf(n)];
    const same = new Float64Array(n).fill(3);
    const kept = nonDominated2d(x, y);
    for (const [a, b, c] of [
      [x, y, same],
      [same, x, y],
      [y, same, x],
    ] as const) {
      // prettier-ignore
      expect(nonDominated3d(a, b, c)).toEqual(kept);
      expect(nonDominationRanks3d(a, b, c)).toEqual(nonDominationRanks2d(x, y));
    }
    expect(Uint32Array.from(nonDominationRanks2d(x, y).keys()).filter((i) => kept.includes(i))).toEqual(kept);
  });

  it('three objectives are filtered as by definition', () => {
    const [x, y, z] = [columnOf(20_000), columnOf(20_000), columnOf(20_000)];
    const kept = nonDominated3d(x, y, z);
    const point = (i: number): readonly number[] => [x[i] ?? NaN, y[i] ?? NaN, z[i] ?? NaN];
    const front = Array.from(kept, point);
    const isKept = new Set(kept);
    for (let i = 0; i < x.length; i++)
      if (front.some((other) => dominates(other, point(i))) === isKept.has(i))
        expect.fail(`point ${String(i)} is ${isKept.has(i) ? 'dominated and kept' : 'dropped for nothing'}`);
  });
});

describe('three objectives', () => {
  it('are filtered and ranked by definition, equal and infinite ones too', () => {
    fc.assert(
      fc.property(points3, (points) => {
        expect(nonDominated(points)).toEqual(nonDominatedPlain(points));
        expect(nonDominationRanks(points)).toEqual(nonDominationRanksPlain(points));
      }),
      { numRuns: 200 },
    );
  });
  it('have the hypervolume that the slices of all pairs give', () => {
    const level = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level, level), { maxLength: 60 }), (points) => {
        const [x, y, z] = [column(points, 0), column(points, 1), column(points, 2)];
        let volume = 0;
        for (let slice = 0; slice < 8; slice++) {
          const below = points.filter((point) => point[2] <= slice);
          volume += hypervolume2d(column(below, 0), column(below, 1), 8, 8);
        }
        expect(hypervolume3d(x, y, z, 8, 8, 8)).toBe(volume);
      }),
    );
  });
  it('a front that is flat in z is swept in the time of its size, not of its square', () => {
    const random = createRandom(4);
    const time = (n: number): number => {
      const x = Float64Array.from({ length: n }, (_, i) => (i * 7919) % n);
      const y = x.map((value) => n - value);
      const z = x.map(() => random.float());
      const start = performance.now();
      expect(nonDominated3d(x, y, z)).toHaveLength(n);
      hypervolume3d(x, y, z, n, n, 1);
      return performance.now() - start;
    };
    time(5000);
    const small = Math.min(time(10_000), time(10_000));
    expect(time(80_000) / small).toBeLessThan(40);
  });
});

describe('distances to the nearest', () => {
  const cases = [
    ['GD', generationalDistance, euclidean, false],
    ['GD⁺', generationalDistancePlus, excessOfQuery, false],
    ['IGD', invertedGenerationalDistance, euclidean, true],
    ['IGD⁺', invertedGenerationalDistancePlus, excessOverQuery, true],
  ] as const;
  const sets = [2, 3].map((objectives) => {
    const random = createRandom(objectives);
    const draw = (n: number): Points =>
      Array.from({ length: n }, () => Array.from({ length: objectives }, () => 0.1 + random.float()));
    return [objectives, draw(130), draw(210)] as const;
  });
  it.each(cases)('%s of many is that of all pairs', (_, indicator, measure, inverted) => {
    for (const [, set, reference] of sets) {
      const [from, to] = inverted ? [reference, set] : [set, reference];
      const all = nearestDistancesPlain(from, to, measure);
      expect(indicator(set, reference)).toBe(all.reduce((sum, d) => sum + d, 0) / all.length);
    }
  });
  it('ε is the worst of all pairs', () => {
    for (const [, set, reference] of sets) {
      expect(additiveEpsilon(set, reference)).toBe(
        Math.max(...nearestDistancesPlain(reference, set, largestDifference)),
      );
      expect(multiplicativeEpsilon(set, reference)).toBe(
        Math.max(...nearestDistancesPlain(reference, set, largestRatio)),
      );
    }
  });
  it('of 4,000 to 4,000 points take less time than comparing them all', () => {
    const random = createRandom(9);
    const front = (): Points =>
      Array.from({ length: 4000 }, () => {
        const x = random.float();
        return [x, 1 - x, random.float() / 100];
      });
    const [set, reference] = [front(), front()];
    const timed = (run: () => unknown): number => {
      const start = performance.now();
      run();
      return performance.now() - start;
    };
    generationalDistance(set, reference);
    const tree = timed(() => generationalDistance(set, reference));
    expect(timed(() => nearestDistancesPlain(set, reference, euclidean)) / tree).toBeGreaterThan(3);
  });
});

describe('attainment', () => {
  const level = fc.integer({ min: 0, max: 5 });
  it.each([2, 3])('of %i objectives is where so many runs have a point no worse', (objectives) => {
    const point = fc.array(level, { minLength: objectives, maxLength: objectives });
    const runs = fc.array(fc.array(point, { maxLength: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(runs, fc.nat(), (sets, pick) => {
        const atLeast = 1 + (pick % sets.length);
        const noWorse = (a: readonly number[], b: readonly number[]): boolean =>
          a.every((f, i) => f <= (b[i] ?? NaN));
        const attained: number[][] = [];
        for (let code = 0; code < 6 ** objectives; code++) {
          const z = Array.from({ length: objectives }, (_, i) => Math.floor(code / 6 ** i) % 6);
          if (sets.filter((set) => set.some((a) => noWorse(a, z))).length >= atLeast) attained.push(z);
        }
        const front = nonDominatedPlain(attained).map((i) => attained[i] ?? []);
        const byText = (points: Points): string[] => points.map((p) => p.join()).sort();
        expect(byText(attainmentSurface(sets, atLeast))).toEqual(byText(front));
      }),
    );
  });
  it('refuses counts of runs that there are not', () => {
    expect(() => attainmentSurface([[[1, 2]]], 2)).toThrow(/from 1 to 1, got 2/);
    expect(() => attainmentSurface([[[1]]], 1)).toThrow(/2 or 3 objectives/);
  });
});
