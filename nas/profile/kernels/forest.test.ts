import { describe, expect, it } from 'vitest';
import { createRandom, mean } from '../../stats/index.js';
import { fitForest, predictForest } from './forest.js';
import { dot, fitNonNegative } from './roofline.js';
import { fitSmooth, predictSmooth } from './smooth.js';
import { predictNeighbours } from './neighbours.js';

const OPTIONS = { trees: 60, depth: 30, featuresPerSplit: 2, leaf: 1, seed: 10 };

/** A staircase in the first column, a line in the second, noise in the third. */
function sample(count: number, seed: number): { rows: Float64Array; targets: Float64Array } {
  const random = createRandom(seed);
  const rows = Float64Array.from({ length: 3 * count }, () => random.float());
  const targets = Float64Array.from({ length: count }, (_, i) => truth(rows.subarray(3 * i, 3 * i + 3)));
  return { rows, targets };
}

function truth(row: ArrayLike<number>): number {
  return Math.floor(4 * (row[0] ?? 0)) + (row[1] ?? 0);
}

function meanError(predict: (row: Float64Array) => number): number {
  const { rows, targets } = sample(200, 99);
  return mean(targets.map((target, i) => Math.abs(predict(rows.subarray(3 * i, 3 * i + 3)) - target)));
}

describe('a random forest', () => {
  it('learns a staircase', () => {
    const { rows, targets } = sample(300, 3);
    const forest = fitForest(rows, 3, targets, OPTIONS);
    expect(meanError((row) => predictForest(forest, row))).toBeLessThan(0.15);
    expect(meanError(() => mean(targets))).toBeGreaterThan(0.8);
  });

  it('stays within the targets that it saw', () => {
    const { rows, targets } = sample(100, 4);
    const forest = fitForest(rows, 3, targets, OPTIONS);
    expect(predictForest(forest, [9, 9, 9])).toBeLessThanOrEqual(Math.max(...targets));
  });

  it('is the same for the same seed, after JSON too, and another for another', () => {
    const { rows, targets } = sample(80, 5);
    const forest = fitForest(rows, 3, targets, OPTIONS);
    expect(fitForest(rows, 3, targets, OPTIONS)).toEqual(forest);
    expect(JSON.parse(JSON.stringify(forest))).toEqual(forest);
    expect(fitForest(rows, 3, targets, { ...OPTIONS, seed: 11 })).not.toEqual(forest);
  });

  it('gives the mean where nothing tells rows apart', () => {
    const forest = fitForest(new Float64Array(8), 2, Float64Array.of(1, 2, 3, 4), OPTIONS);
    expect(forest.feature.every((feature) => feature === -1)).toBe(true);
    expect(predictForest(forest, [0, 0])).toBeGreaterThan(2);
    expect(predictForest(forest, [0, 0])).toBeLessThan(3);
  });

  it('keeps as many rows in a leaf as asked', () => {
    const { rows, targets } = sample(100, 6);
    const leavesOf = (leaf: number): number =>
      fitForest(rows, 3, targets, { ...OPTIONS, leaf }).feature.filter((feature) => feature === -1).length;
    expect(leavesOf(10)).toBeLessThanOrEqual(60 * 10);
    expect(leavesOf(1)).toBeGreaterThan(60 * 20);
  });

  it.each([
    [0, 0],
    [3, 2],
  ])('refuses %d numbers for %d targets', (numbers, count) => {
    expect(() => fitForest(new Float64Array(numbers), 2, new Float64Array(count), OPTIONS)).toThrow(
      RangeError,
    );
  });
});

describe('the smooth model', () => {
  it('goes through its points, smoothly between and to their mean far away', () => {
    const rows = Float64Array.from({ length: 21 }, (_, i) => i / 2);
    const targets = rows.map((x) => Math.sin(x));
    const model = fitSmooth(rows, 1, targets);
    expect(predictSmooth(model, [3])).toBeCloseTo(Math.sin(3), 1);
    expect(predictSmooth(model, [3.25])).toBeCloseTo(Math.sin(3.25), 1);
    expect(predictSmooth(model, [1000])).toBeCloseTo(mean(targets), 9);
  });
});

describe('neighbours', () => {
  it('give the target itself where it was measured and weigh it most near by', () => {
    const known = { width: 1, rows: [0, 1, 2, 3, 4], targets: [0, 10, 20, 30, 40] };
    expect(predictNeighbours(known, [2])).toBeCloseTo(20, 3);
    expect(predictNeighbours(known, [1.1])).toBeCloseTo(10, 0);
  });
});

describe('the linear model', () => {
  it('recovers costs that are nine orders apart', () => {
    const random = createRandom(8);
    const columns = Float64Array.from(
      { length: 150 },
      (_, i) => (i % 3 === 0 ? 1e9 : i % 3 === 1 ? 1e3 : 1) * (1 + random.float()),
    );
    for (let row = 0; row < 50; row++) columns[3 * row + 2] = 1;
    const targets = Float64Array.from({ length: 50 }, (_, row) =>
      dot([2e-9, 3e-3, 0.5], columns.subarray(3 * row, 3 * row + 3)),
    );
    const [a, b, c] = fitNonNegative(columns, 3, targets);
    expect(a).toBeCloseTo(2e-9, 10);
    expect(b).toBeCloseTo(3e-3, 3);
    expect(c).toBeCloseTo(0.5, 1);
  });

  it('never has a cost below 0', () => {
    const columns = Float64Array.of(1, 1, 2, 1, 3, 1, 4, 1);
    const fitted = fitNonNegative(columns, 2, Float64Array.of(4, 3, 2, 1));
    expect(fitted[0]).toBe(0);
    expect(fitted[1]).toBeGreaterThan(1);
  });
});
