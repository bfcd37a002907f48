import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume, nonDominated } from '../../pareto/index.js';
import { fashionMobile, sampleEncoding } from '../../space/index.js';
import { createRandom, mean, spearman } from '../../stats/index.js';
import type { Objectives } from '../sampler.js';
import { fitErrorModel, likeliestPrior } from './error-model.js';
import {
  cornerOf,
  expectedGrowth,
  heightAt,
  nearestTo,
  volumeOf,
  withPoint,
  type Staircase,
} from './staircase.js';

const level = fc.integer({ min: 0, max: 9 });
const points = fc.array(fc.record({ error: level, latencyMs: level }), { maxLength: 20 });
const stairsOf = (all: readonly Objectives[]): Staircase => all.reduce<Staircase>(withPoint, []);

describe('a staircase', () => {
  it('holds what no other point dominates, each pair of objectives once', () => {
    fc.assert(
      fc.property(points, (all) => {
        const pairs = all.map(({ error, latencyMs }) => [error, latencyMs]);
        const front = new Set(nonDominated(pairs).map((i) => String(pairs[i])));
        const held = stairsOf(all).map(({ error, latencyMs }) => String([error, latencyMs]));
        expect(new Set(held)).toEqual(front);
        expect(held).toHaveLength(front.size);
      }),
    );
  });
  it('stays the same object where a point brings nothing', () => {
    const front = stairsOf([{ error: 2, latencyMs: 1 }]);
    expect(withPoint(front, { error: 2, latencyMs: 1 })).toBe(front);
    expect(withPoint(front, { error: 3, latencyMs: 4 })).toBe(front);
    expect(withPoint(front, { error: 1, latencyMs: 4 })).not.toBe(front);
  });
  it('is expected to grow by what a certain point adds to its hypervolume', () => {
    fc.assert(
      fc.property(points, level, level, (all, error, latencyMs) => {
        const front = stairsOf(all);
        const corner = { error: 12, latencyMs: 12 };
        const more = volumeOf(withPoint(front, { error, latencyMs }), corner) - volumeOf(front, corner);
        expect(expectedGrowth(front, corner, { mean: error, deviation: 0, latencyMs })).toBeCloseTo(more, 9);
      }),
    );
  });
  it('is expected to grow by the mean over what may come', () => {
    const all = [[6, 1], [4, 3], [1, 7]].map(([error = 0, latencyMs = 0]) => ({ error, latencyMs })); // prettier-ignore
    const front = stairsOf(all);
    const corner = cornerOf(front);
    const random = createRandom(3);
    const bound = [corner.error, corner.latencyMs];
    const volume = (list: readonly Objectives[]): number =>
      hypervolume(list.map(({ error, latencyMs }) => [error, latencyMs]), bound); // prettier-ignore
    const drawn = Array.from({ length: 20_000 }, () => {
      const point = { error: 3 + 1.5 * random.normal(), latencyMs: 2 };
      return volume([...front, point]) - volume(front);
    });
    const expected = expectedGrowth(front, corner, { mean: 3, deviation: 1.5, latencyMs: 2 });
    expect(Math.abs(mean(drawn) - expected)).toBeLessThan(0.03 * expected);
  });
  it('tells which networks lie nearest', () => {
    const encoding = sampleEncoding(fashionMobile, createRandom(1));
    const all = [5, 1, 9, 2, 7].map((error, i) => ({ encoding, error, latencyMs: 1 + i }));
    const front = stairsOf(all);
    expect(heightAt(front, 3.5, 99)).toBe(1);
    expect(nearestTo(front, all, 3).map(({ error }) => error)).toEqual([5, 1, 2]);
    expect(nearestTo(front, all, 5)).toBe(all);
  });
});

describe('the model of errors', () => {
  /** What layers and the first two together do, and a little of each network's own. */
  const error = (encoding: readonly number[], own: number): number => {
    const [a = 0, b = 0, c = 0] = encoding.map((choice) => choice % 9);
    return 8 + 0.3 * a + 0.1 * (8 - b) + 0.05 * c + 0.04 * a * b + 0.02 * own;
  };
  const random = createRandom(5);
  const drawn = Array.from({ length: 320 }, () => {
    const encoding = sampleEncoding(fashionMobile, random);
    return { encoding, error: error(encoding, random.normal()) };
  });
  const [seen, unseen] = [drawn.slice(0, 120), drawn.slice(120)];
  const model = fitErrorModel(fashionMobile, seen, likeliestPrior(fashionMobile, seen));

  it('predicts networks that were not seen, and knows about how well', () => {
    const predicted = unseen.map(({ encoding }) => model.mean(encoding));
    expect(spearman(predicted, unseen.map((each) => each.error))).toBeGreaterThan(0.95); // prettier-ignore
    const scaled = unseen.map(
      (each, i) => (each.error - (predicted[i] ?? NaN)) / model.deviation(each.encoding),
    );
    const spread = Math.sqrt(mean(scaled.map((each) => each * each)));
    expect(spread).toBeGreaterThan(0.5);
    expect(spread).toBeLessThan(2);
  });
  it('is surer of what it saw', () => {
    const average = (list: typeof drawn): number => mean(list.map((each) => model.deviation(each.encoding)));
    expect(average(seen)).toBeLessThan(average(unseen));
  });
  it('knows what a choice does on average', () => {
    const [first = []] = model.effects();
    const truth = first.map((_, choice) => 0.3 * (choice % 9) + 0.16 * (choice % 9));
    expect(spearman(first, truth)).toBeGreaterThan(0.95);
  });
  it('expects the same of all where nothing was seen', () => {
    const none = fitErrorModel(fashionMobile, [], likeliestPrior(fashionMobile, []));
    expect(none.mean([1, 2, 3])).toBe(0);
    expect(none.mean([4, 5, 6])).toBe(0);
  });
});
