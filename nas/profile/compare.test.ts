import { describe, expect, it } from 'vitest';
import { compareTables } from './compare.js';

const a = [
  [1, 2, 3],
  [4, 5, 0],
];

describe('comparing two tables', () => {
  it('finds nothing moved on a device that is slower at everything alike', () => {
    const b = a.map((layer) => layer.map((ms) => 3 * ms));
    const { count, spearman, kendallTau, medianRatio, movers } = compareTables(a, b);
    expect({ count, spearman, kendallTau }).toEqual({ count: 5, spearman: 1, kendallTau: 1 });
    expect(medianRatio).toBeCloseTo(3);
    for (const { relative } of movers) expect(relative).toBeCloseTo(1);
  });

  it('names the block that moved farthest first, up or down alike', () => {
    const b = a.map((layer) => layer.map((ms) => 2 * ms));
    b[0] = [2, 4 / 8, 6 * 3];
    const { movers } = compareTables(a, b);
    expect(movers.slice(0, 2)).toMatchObject([
      { layer: 0, choice: 1, aMs: 2, bMs: 0.5, ratio: 0.25, relative: 0.125 },
      { layer: 0, choice: 2, relative: 3 },
    ]);
  });

  it('turns a reversed order into a correlation of −1', () => {
    const { spearman, kendallTau } = compareTables([[1, 2, 3]], [[3, 2, 1]]);
    expect(spearman).toBeCloseTo(-1);
    expect(kendallTau).toBeCloseTo(-1);
  });

  it('leaves out what takes no time in either', () => {
    const { ratios, count } = compareTables(a, [
      [0, 2, 3],
      [4, 5, 6],
    ]);
    expect(ratios).toEqual([
      [null, 1, 1],
      [1, 1, null],
    ]);
    expect(count).toBe(4);
  });

  it('knows no correlation of one block, and no ratio of none', () => {
    expect(compareTables([[1]], [[2]])).toMatchObject({ count: 1, spearman: NaN, medianRatio: 2 });
    expect(compareTables([[0]], [[0]])).toMatchObject({ count: 0, medianRatio: NaN, movers: [] });
  });

  it.each([
    ['layers', [[1, 2, 3]]],
    [
      'choices',
      [
        [1, 2],
        [4, 5, 0],
      ],
    ],
  ])('refuses tables that differ in their %s', (_what, b) => {
    expect(() => compareTables(a, b)).toThrow(RangeError);
  });
});
