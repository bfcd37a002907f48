import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  createRandom,
  kendall,
  mean,
  meanAbsolutePercentageError,
  median,
  midRanks,
  quantile,
  restoreRandom,
  sampleWithoutReplacement,
  shuffled,
  spearman,
  standardDeviation,
} from './index.js';

describe('random numbers', () => {
  it('are the same per seed, and differ between seeds', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.uint32());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(new Set([draw(1), draw(2), draw(-1), draw(2 ** 40 + 1)].map((row) => row.join())).size).toBe(4);
  });
  it('go on from a saved state', () => {
    const random = createRandom(4);
    random.float();
    const resumed = restoreRandom(random.state());
    expect([resumed.float(), resumed.int(9)]).toEqual([random.float(), random.int(9)]);
  });
  it('are uniform: χ² of 64 cells over 64,000 draws', () => {
    const random = createRandom(2);
    const cells = new Float64Array(64);
    for (let i = 0; i < 64_000; i++) {
      const cell = random.int(64);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const chi2 = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi2).toBeGreaterThan(30);
    expect(chi2).toBeLessThan(110);
  });
  it('are normal where asked', () => {
    const random = createRandom(6);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(standardDeviation(values)).toBeCloseTo(1, 1);
    expect(quantile(values, 0.975)).toBeCloseTo(1.96, 1);
  });
  it('refuse a seed or a state that is no integer', () => {
    expect(() => createRandom(0.5)).toThrow(RangeError);
    expect(() => createRandom(NaN)).toThrow(RangeError);
    expect(() => restoreRandom([1, 2, 3, -1])).toThrow(RangeError);
  });
  it('shuffle into every order alike', () => {
    const random = createRandom(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    expect(Math.min(...counts.values())).toBeGreaterThan(850);
  });
  it('draw different members', () => {
    const drawn = sampleWithoutReplacement([1, 2, 3, 4, 5], 4, createRandom(1));
    expect(new Set(drawn).size).toBe(4);
    expect(() => sampleWithoutReplacement([1], 2, createRandom(1))).toThrow(RangeError);
  });
});

describe('summaries', () => {
  it('follow the usual definitions', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
    expect(median([5, 1, 3])).toBe(3);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.13809, 5);
    expect(meanAbsolutePercentageError([110, 90], [100, 100])).toBeCloseTo(0.1, 12);
  });
  it('keep infinities where they are', () => {
    expect(median([1, Infinity, Infinity, Infinity])).toBe(Infinity);
    expect(quantile([1, 2, Infinity], 0.5)).toBe(2);
  });
  it('say NaN of nothing and refuse what has no meaning', () => {
    expect(mean([])).toBeNaN();
    expect(median([])).toBeNaN();
    expect(standardDeviation([1])).toBeNaN();
    expect(() => quantile([1], 1.5)).toThrow(RangeError);
    expect(() => meanAbsolutePercentageError([1], [0])).toThrow(/measurement 0/);
    expect(() => meanAbsolutePercentageError([1], [1, 2])).toThrow(RangeError);
  });
});

describe('rank correlation', () => {
  it('of known examples', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
    expect(kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0])).toBeCloseTo(-0.47140452, 7);
    expect([...midRanks([10, 20, 10])]).toEqual([1.5, 3, 1.5]);
  });
  it('Kendall’s τ-b counts pairs', () => {
    const level = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level), { minLength: 2, maxLength: 40 }), (pairs) => {
        let [agree, tiedX, tiedY] = [0, 0, 0];
        const total = (pairs.length * (pairs.length - 1)) / 2;
        pairs.forEach(([x, y], i) => {
          for (const [u, v] of pairs.slice(0, i)) {
            agree += Math.sign(x - u) * Math.sign(y - v);
            if (x === u) tiedX++;
            if (y === v) tiedY++;
          }
        });
        const expected = agree / Math.sqrt((total - tiedX) * (total - tiedY));
        const tau = kendall(pairs.map(([x]) => x), pairs.map(([, y]) => y)); // prettier-ignore
        if (Number.isNaN(expected)) expect(tau).toBeNaN();
        else expect(tau).toBeCloseTo(expected, 10);
      }),
    );
  });
  it('is NaN when a side is constant and refuses unpaired values', () => {
    expect(spearman([1, 1], [1, 2])).toBeNaN();
    expect(() => kendall([1], [1, 2])).toThrow(RangeError);
  });
});

it('the bootstrap interval of a mean covers what theory says', () => {
  const random = createRandom(12);
  const values = Array.from({ length: 400 }, () => random.normal());
  const { low, high } = bootstrapInterval(values, mean, random);
  expect(high - low).toBeGreaterThan(0.15);
  expect(high - low).toBeLessThan(0.25);
  expect(low).toBeLessThan(mean(values));
  expect(high).toBeGreaterThan(mean(values));
  expect(bootstrapInterval([], mean, random)).toEqual({ low: NaN, high: NaN });
});
