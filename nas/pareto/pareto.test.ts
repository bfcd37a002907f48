import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.js';
import {
  additiveEpsilon,
  crowdingDistances,
  distinctPoints,
  dominates,
  generationalDistance,
  generationalDistancePlus,
  hypervolume,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  multiplicativeEpsilon,
  nonDominated,
  nonDominated2d,
  nonDominatedPlain,
  nonDominationRanks,
  nonDominationRanksPlain,
  normalisationBy,
  normalised,
  type Points,
} from './index.js';

const pick = (points: Points, indices: readonly number[]): Points => indices.map((i) => points[i] ?? []);

describe('example 1: three points a side, raw objectives', () => {
  const Z = [[0, 10], [1, 6], [2, 2], [6, 1], [10, 0]]; // prettier-ignore
  const A = [[2, 4], [3, 3], [4, 2]]; // prettier-ignore
  const B = [[2, 8], [4, 4], [8, 2]]; // prettier-ignore
  it.each([
    ['A', A, 1.804738, 1.138071, 3.707092, 1.482843, 2, 78],
    ['B', B, 2.433521, 2.276142, 2.591483, 2.260113, 2, 61],
  ])('%s', (_, set, gd, gdPlus, igd, igdPlus, epsilon, volume) => {
    expect(generationalDistance(set, Z)).toBeCloseTo(gd, 5);
    expect(generationalDistancePlus(set, Z)).toBeCloseTo(gdPlus, 5);
    expect(invertedGenerationalDistance(set, Z)).toBeCloseTo(igd, 5);
    expect(invertedGenerationalDistancePlus(set, Z)).toBeCloseTo(igdPlus, 5);
    expect(additiveEpsilon(set, Z)).toBe(epsilon);
    expect(hypervolume(set, [11, 11])).toBe(volume);
  });
  it('has a front of hypervolume 93', () => {
    expect(hypervolume(Z, [11, 11])).toBe(93);
  });
  it('scales with the range of the reference front', () => {
    const unit = normalisationBy(Z);
    expect(generationalDistance(normalised(A, unit), normalised(Z, unit))).toBeCloseTo(0.180474, 5);
    expect(invertedGenerationalDistance(normalised(B, unit), normalised(Z, unit))).toBeCloseTo(0.259148, 5);
    expect(hypervolume(normalised(A, unit), [1.1, 1.1])).toBeCloseTo(0.78, 9);
  });
});

describe('example 2: error and latency of four networks', () => {
  const Z = [[20, 30], [22, 20], [25, 12], [30, 8]]; // prettier-ignore
  const evaluated = [[21, 26], [23, 21], [26, 14], [24, 24]]; // prettier-ignore
  const unit = normalisationBy(Z);
  const front = pick(evaluated, nonDominated(evaluated));
  const [a, z] = [normalised(front, unit), normalised(Z, unit)];
  it('sorts into two fronts', () => {
    expect([...nonDominationRanks(evaluated)]).toEqual([0, 0, 0, 1]);
  });
  it('gives the indicators', () => {
    expect(generationalDistance(a, z)).toBeCloseTo(0.150832, 5);
    expect(generationalDistancePlus(a, z)).toBeCloseTo(0.114997, 5);
    expect(invertedGenerationalDistance(a, z)).toBeCloseTo(0.234156, 5);
    expect(invertedGenerationalDistancePlus(a, z)).toBeCloseTo(0.15443, 5);
    expect(additiveEpsilon(a, z)).toBeCloseTo(0.272727, 5);
    expect(hypervolume(a, [1.1, 1.1])).toBeCloseTo(0.622727, 5);
    expect(hypervolume(z, [1.1, 1.1])).toBeCloseTo(0.755455, 5);
    expect(generationalDistance(front, Z)).toBeCloseTo(2.591129, 5);
    expect(generationalDistance(normalised(evaluated, unit), z)).toBeCloseTo(0.180697, 5);
    expect(multiplicativeEpsilon(front, Z)).toBe(1.75);
  });
  it('gives the crowding distances', () => {
    expect([...crowdingDistances(front)]).toEqual([Infinity, 2, Infinity]);
  });
});

it('example 3: a hypervolume in three dimensions', () => {
  expect(hypervolume([[1, 2, 3], [2, 1, 3], [3, 3, 1], [2, 2, 2]], [4, 4, 4])).toBe(13); // prettier-ignore
});

it('example 4: ranks and crowding with equal points', () => {
  const points = [[1, 5], [2, 4], [2, 4], [3, 3], [4, 4], [5, 1], [5, 5], [1, 6]]; // prettier-ignore
  expect([...nonDominationRanks(points)]).toEqual([0, 0, 0, 0, 1, 0, 2, 1]);
  expect([...crowdingDistances(pick(points, [0, 1, 2, 3, 5]))]).toEqual([Infinity, 0.5, 0.5, 1.5, Infinity]);
});

describe('against the definitions', () => {
  const coordinate = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.double({ noNaN: true }), fc.constant(-0));
  const points2 = fc.array(fc.tuple(coordinate, coordinate), { maxLength: 200 });
  const points3 = fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 40 });

  it('the fast filter keeps what no point dominates', () => {
    fc.assert(
      fc.property(points2, (points) => {
        expect(nonDominated(points)).toEqual(nonDominatedPlain(points));
      }),
    );
  });
  it('the filter keeps its results at sizes where intervals are shared', () => {
    const random = createRandom(7);
    for (const levels of [1, 3, 40, 2 ** 30]) {
      const points = Array.from({ length: 1500 }, () => [random.int(levels) / 8, random.int(levels) / 8]);
      expect(nonDominated(points)).toEqual(nonDominatedPlain(points));
      expect(nonDominationRanks(points)).toEqual(nonDominationRanksPlain(points));
    }
  });
  it('the fast ranks are the definition', () => {
    fc.assert(
      fc.property(points2, (points) => {
        expect(nonDominationRanks(points)).toEqual(nonDominationRanksPlain(points));
      }),
    );
  });
  it('a point of rank r > 0 is dominated by one of rank r − 1 and by none of its own', () => {
    fc.assert(
      fc.property(points3, (points) => {
        const ranks = nonDominationRanks(points);
        points.forEach((point, i) => {
          const above = points.filter((other) => dominates(other, point));
          const aboveRanks = points.flatMap((other, j) => (above.includes(other) ? [ranks[j] ?? -1] : []));
          expect(ranks[i]).toBe(aboveRanks.length === 0 ? 0 : Math.max(...aboveRanks) + 1);
        });
      }),
    );
  });
  const cell = fc.integer({ min: 0, max: 6 });
  it.each([2, 3])('the hypervolume in %i dimensions counts the dominated unit cells', (dimensions) => {
    const grid = fc.array(fc.array(cell, { minLength: dimensions, maxLength: dimensions }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(grid, (points) => {
        let cells = 0;
        for (let code = 0; code < 5 ** dimensions; code++) {
          const corner = Array.from({ length: dimensions }, (_, i) => Math.floor(code / 5 ** i) % 5);
          if (points.some((point) => point.every((f, i) => f <= (corner[i] ?? -1)))) cells++;
        }
        expect(
          hypervolume(
            points,
            Array.from({ length: dimensions }, () => 5),
          ),
        ).toBe(cells);
      }),
    );
  });
  it('IGD⁺ never prefers a set that the other dominates', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1 }),
        fc.array(fc.tuple(cell, cell), { minLength: 1 }),
        (set, Z) => {
          const worse = set.map(([x, y]) => [x + 1, y]);
          expect(invertedGenerationalDistancePlus(set, Z)).toBeLessThanOrEqual(
            invertedGenerationalDistancePlus(worse, Z),
          );
        },
      ),
    );
  });
});

describe('edges', () => {
  it('nothing in, nothing out', () => {
    expect(nonDominated([])).toEqual([]);
    expect([...nonDominationRanks([])]).toEqual([]);
    expect(hypervolume([], [1, 1])).toBe(0);
    expect(generationalDistance([], [[0, 0]])).toBeNaN();
    expect(invertedGenerationalDistancePlus([], [[0, 0]])).toBeNaN();
  });
  it('NaN is refused, not sorted somewhere', () => {
    expect(() => nonDominated2d(Float64Array.of(1, NaN), Float64Array.of(1, 2))).toThrow(/point 1.*NaN/);
  });
  it('infinite objectives are compared like others', () => {
    expect(nonDominated([[Infinity, 1], [1, Infinity], [Infinity, Infinity], [2, 2]])).toEqual([0, 1, 3]); // prettier-ignore
  });
  it('an objective without range is divided by 1', () => {
    expect(normalised([[3, 7]], normalisationBy([[1, 5], [2, 5]]))).toEqual([[2, 2]]); // prettier-ignore
  });
  it('equal vectors are counted once', () => {
    expect(distinctPoints([[1, 2], [1, 2], [2, 1]])).toEqual([[1, 2], [2, 1]]); // prettier-ignore
  });
});
