import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.js';
import { summariseTargets, targetSpeedup } from './index.js';

describe('evaluations to a target', () => {
  const random = createRandom(5);
  const runs = (around: number, n = 30): number[] =>
    Array.from({ length: n }, () => around * (0.8 + 0.4 * random.float()));

  const none = (n: number): null[] => Array.from({ length: n }, () => null);

  it('are their median with an interval that holds it', () => {
    const { median, low, high, reached } = summariseTargets(runs(1000), createRandom(1));
    expect(low).toBeLessThanOrEqual(median);
    expect(high).toBeGreaterThanOrEqual(median);
    expect([low > 900, high < 1100, reached]).toEqual([true, true, 30]);
  });
  it('count runs that never got there as needing more than any other', () => {
    const {
      median,
      high,
      reached,
      runs: all,
    } = summariseTargets([...runs(100, 16), ...Array.from({ length: 14 }, () => null)], createRandom(1));
    expect(median).toBeLessThan(121);
    expect([high, reached, all]).toEqual([Infinity, 16, 30]);
    expect(summariseTargets([null, null], createRandom(1)).median).toBe(Infinity);
    expect(summariseTargets([], createRandom(1)).median).toBeNaN();
  });
  it('give a speed-up whose interval shows whether it is one', () => {
    const { ratio, low, high } = targetSpeedup(runs(1000), runs(250), createRandom(2));
    expect(ratio).toBeGreaterThan(3.5);
    expect([low > 3, high < 5]).toEqual([true, true]);
    const same = targetSpeedup(runs(500), runs(500), createRandom(2));
    expect([same.low < 1, same.high > 1]).toEqual([true, true]);
    expect(targetSpeedup([null], [10], createRandom(2)).ratio).toBe(Infinity);
    expect(() => targetSpeedup([1], [1], createRandom(2), 1)).toThrow(RangeError);
  });
  it('claim no speed-up from the resamples in which neither gets there', () => {
    const half = (evaluations: number): (number | null)[] => [...runs(evaluations, 6), ...none(5)];
    const { ratio, low, high } = targetSpeedup(half(1000), half(100), createRandom(3));
    expect(ratio).toBeGreaterThan(5);
    expect([low, high]).toEqual([0, Infinity]);
    const never = targetSpeedup(none(4), none(4), createRandom(3));
    expect([never.ratio, never.low, never.high]).toEqual([NaN, 0, Infinity]);
    expect(targetSpeedup([], [1], createRandom(3))).toEqual({ ratio: NaN, low: NaN, high: NaN });
  });
  it('have an interval that holds the true median about as often as it says', () => {
    const draws = createRandom(6);
    const dice = createRandom(7);
    let held = 0;
    for (let round = 0; round < 200; round++) {
      const { low, high } = summariseTargets(
        Array.from({ length: 20 }, () => 1000 * draws.float()),
        dice,
      );
      if (low <= 500 && 500 <= high) held++;
    }
    expect(held).toBeGreaterThan(175);
    expect(held).toBeLessThan(200);
  });
});
