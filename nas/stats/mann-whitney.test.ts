import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, mannWhitney } from './index.js';

/** Every way to give n of the ranks 1…n+m to the first sample. */
function tailByCounting(u: number, n: number, m: number): number {
  const extreme = Math.abs(u - (n * m) / 2);
  let [all, tail] = [0, 0];
  for (let mask = 0; mask < 1 << (n + m); mask++) {
    const ranks = Array.from({ length: n + m }, (_, i) => i + 1).filter((_, i) => (mask >> i) & 1);
    if (ranks.length !== n) continue;
    all++;
    const value = ranks.reduce((sum, rank) => sum + rank, 0) - (n * (n + 1)) / 2;
    if (Math.abs(value - (n * m) / 2) >= extreme - 1e-9) tail++;
  }
  return tail / all;
}

describe('the Mann–Whitney test', () => {
  it('of published examples', () => {
    // scipy.stats.mannwhitneyu's example (ages at diagnosis of diabetes).
    const { u, pValue, method } = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
    expect([u, method]).toEqual([17, 'exact']);
    expect(pValue).toBeCloseTo(0.1111111, 6);
  });
  it('is exact: the share of arrangements at least as far from the middle', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(distinct, fc.nat(), (values, cut) => {
        const n = 1 + (cut % (values.length - 1));
        const [first, second] = [values.slice(0, n), values.slice(n)];
        const { u, pValue } = mannWhitney(first, second);
        expect(u).toBe(first.flatMap((a) => second.filter((b) => a > b)).length);
        expect(pValue).toBeCloseTo(tailByCounting(u, n, values.length - n), 10);
      }),
    );
  });
  it('approximates with ties and many values, close to exact where both can be had', () => {
    const random = createRandom(3);
    const draw = (n: number, shift: number): number[] =>
      Array.from({ length: n }, () => random.normal() + shift);
    const [a, b] = [draw(30, 0), draw(30, 0.5)];
    const exact = mannWhitney(a, b);
    const doubled = mannWhitney([...a, ...draw(60, 0)], b);
    expect([exact.method, doubled.method]).toEqual(['exact', 'normal']);
    const tied = mannWhitney([...a, 0], [...b, 0]);
    expect(tied.method).toBe('normal');
    expect(Math.abs(tied.pValue - exact.pValue)).toBeLessThan(0.02);
  });
  it('calls one in twenty of equal searches different at 5 %', () => {
    const random = createRandom(8);
    const draw = (): number[] => Array.from({ length: 12 }, () => random.float());
    let called = 0;
    for (let round = 0; round < 1000; round++) if (mannWhitney(draw(), draw()).pValue < 0.05) called++;
    expect(called).toBeGreaterThan(25);
    expect(called).toBeLessThan(75);
  });
  it('gives the effect size: how often one is larger', () => {
    const clear = mannWhitney([4, 5, 6], [1, 2, 3]);
    expect([clear.probabilityOfSuperiority, clear.cliffsDelta, clear.magnitude]).toEqual([1, 1, 'large']);
    const none = mannWhitney([1, 2, 2, 3], [1, 2, 2, 3]);
    expect([none.probabilityOfSuperiority, none.cliffsDelta, none.magnitude]).toEqual([0.5, 0, 'negligible']);
    expect(none.pValue).toBe(1);
    const swapped = mannWhitney([1, 2, 3], [4, 5, 6]);
    expect([swapped.cliffsDelta, swapped.pValue]).toEqual([-1, clear.pValue]);
  });
  it('compares infinities, says NaN of nothing and refuses NaN', () => {
    expect(mannWhitney([Infinity, Infinity, Infinity], [1, 2, 3]).cliffsDelta).toBe(1);
    expect(mannWhitney([5, 5], [5, 5]).pValue).toBe(1);
    expect(mannWhitney([], [1]).pValue).toBeNaN();
    expect(() => mannWhitney([1], [2, NaN])).toThrow(/value 1 of the second sample/);
  });
});
