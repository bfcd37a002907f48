import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  additiveEpsilon,
  generationalDistance,
  generationalDistancePlus,
  hypervolume,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  multiplicativeEpsilon,
  nonDominated,
  normalisationBy,
  normalised,
  type Points,
} from './index.js';
import { nearestDistancesPlain } from './indicators.js';
import { euclidean, excessOfQuery } from './measures.js';

const rootOf = (squares: readonly number[]): number => Math.sqrt(squares.reduce((sum, s) => sum + s, 0));
const distance = (a: readonly number[], z: readonly number[]): number =>
  rootOf(a.map((f, i) => (f - (z[i] ?? NaN)) ** 2));
const excess = (a: readonly number[], z: readonly number[]): number =>
  rootOf(a.map((f, i) => Math.max(f - (z[i] ?? NaN), 0) ** 2));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
const nearest = (values: readonly number[]): number => Math.min(...values);

/** Each indicator as algorithms.md writes it down. */
const definitions: readonly (readonly [
  string,
  (A: Points, Z: Points) => number,
  (A: Points, Z: Points) => number,
])[] = [
  ['GD', generationalDistance, (A, Z) => mean(A.map((a) => nearest(Z.map((z) => distance(a, z)))))],
  ['GD⁺', generationalDistancePlus, (A, Z) => mean(A.map((a) => nearest(Z.map((z) => excess(a, z)))))],
  ['IGD', invertedGenerationalDistance, (A, Z) => mean(Z.map((z) => nearest(A.map((a) => distance(a, z)))))],
  [
    'IGD⁺',
    invertedGenerationalDistancePlus,
    (A, Z) => mean(Z.map((z) => nearest(A.map((a) => excess(a, z))))),
  ],
  [
    'additive ε',
    additiveEpsilon,
    (A, Z) =>
      Math.max(...Z.map((z) => nearest(A.map((a) => Math.max(...a.map((f, i) => f - (z[i] ?? NaN))))))),
  ],
  [
    'multiplicative ε',
    multiplicativeEpsilon,
    (A, Z) =>
      Math.max(...Z.map((z) => nearest(A.map((a) => Math.max(...a.map((f, i) => f / (z[i] ?? NaN))))))),
  ],
];

describe.each(definitions)('%s', (_, indicator, definition) => {
  const coordinate = fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.double({ min: 0.01, max: 100, noNaN: true }),
  );
  const pointsOf = (objectives: number, maxLength: number): fc.Arbitrary<number[][]> =>
    fc.array(fc.array(coordinate, { minLength: objectives, maxLength: objectives }), {
      minLength: 1,
      maxLength,
    });
  it.each([2, 3])('of sets with %i objectives is the definition over all pairs', (objectives) => {
    // Above some two thousand pairs a tree finds the nearest.
    fc.assert(
      fc.property(pointsOf(objectives, 90), pointsOf(objectives, 90), (A, Z) => {
        expect(indicator(A, Z)).toBeCloseTo(definition(A, Z), 9);
      }),
      { numRuns: 60 },
    );
  });
  it('is best of the reference itself, and undefined of nothing', () => {
    const Z = [[1, 5], [2, 3], [4, 1]]; // prettier-ignore
    expect(indicator(Z, Z)).toBe(indicator === multiplicativeEpsilon ? 1 : 0);
    expect(indicator([], Z)).toBeNaN();
    expect(indicator(Z, [])).toBeNaN();
  });
});

describe('the worked examples', () => {
  const Z = [[0, 10], [1, 6], [2, 2], [6, 1], [10, 0]]; // prettier-ignore
  const A = [[2, 4], [3, 3], [4, 2]]; // prettier-ignore
  const B = [[2, 8], [4, 4], [8, 2]]; // prettier-ignore

  it('1: every point of B is dominated by one of A, yet IGD prefers B and no other does', () => {
    expect(nonDominated([...A, ...B])).toEqual([0, 1, 2]);
    expect(invertedGenerationalDistance(B, Z)).toBeLessThan(invertedGenerationalDistance(A, Z));
    for (const of of [generationalDistance, generationalDistancePlus, invertedGenerationalDistancePlus])
      expect(of(A, Z)).toBeLessThan(of(B, Z));
  });
  it('1: normalised, both sets', () => {
    const unit = normalisationBy(Z);
    const [a, b, z] = [A, B, Z].map((points) => normalised(points, unit)) as [Points, Points, Points];
    expect([generationalDistance(a, z), generationalDistance(b, z)].map(sixDigits)).toEqual([
      0.180474, 0.243352,
    ]);
    expect([a, b].map((set) => sixDigits(invertedGenerationalDistance(set, z)))).toEqual([
      0.370709, 0.259148,
    ]);
    expect([a, b].map((set) => sixDigits(hypervolume(set, [1.1, 1.1])))).toEqual([0.78, 0.61]);
  });
  it('1: GD is the arithmetic mean, not one of the two other definitions of that name', () => {
    const squares = [...nearestDistancesPlain(A, Z, euclidean)].reduce((sum, d) => sum + d * d, 0);
    expect([Math.sqrt(squares / 3), Math.sqrt(squares) / 3].map(sixDigits)).toEqual([1.825742, 1.054093]);
    expect(sixDigits(generationalDistance(A, Z))).toBe(1.804738);
  });
  it('2: distances point by point, and the share of the volume', () => {
    const front = [[20, 30], [22, 20], [25, 12], [30, 8]]; // prettier-ignore
    const unit = normalisationBy(front);
    const found = normalised([[21, 26], [23, 21], [26, 14]], unit); // prettier-ignore
    const z = normalised(front, unit);
    expect([...nearestDistancesPlain(found, z, euclidean)].map(sixDigits)).toEqual([
      0.207504, 0.109846, 0.135146,
    ]);
    expect([...nearestDistancesPlain(found, z, excessOfQuery)].map(sixDigits)).toEqual([
      0.1, 0.109846, 0.135146,
    ]);
    expect(sixDigits(hypervolume(found, [1.1, 1.1]) / hypervolume(z, [1.1, 1.1]))).toBe(0.824308);
  });
});

const sixDigits = (value: number): number => Number(value.toFixed(6));
