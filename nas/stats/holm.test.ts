import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, holmAdjusted } from './index.js';

describe('p-values adjusted by Holm', () => {
  it('of a worked example', () => {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => expect(adjusted[i]).toBeCloseTo(expected, 12));
  });
  it('reject what stepping down through the sorted values rejects', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(p, { maxLength: 12 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (values, alpha) => {
          const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
          const rejected = new Set<number>();
          for (const [step, i] of order.entries()) {
            if ((values.length - step) * (values[i] ?? 1) > alpha) break;
            rejected.add(i);
          }
          const adjusted = holmAdjusted(values);
          expect(new Set([...adjusted.keys()].filter((i) => (adjusted[i] ?? 1) <= alpha))).toEqual(rejected);
        },
      ),
    );
  });
  it('are wrong in at most one family of twenty at 5 %', () => {
    const random = createRandom(2);
    let wrong = 0;
    for (let family = 0; family < 1000; family++)
      if (holmAdjusted(Array.from({ length: 8 }, () => random.float())).some((p) => p <= 0.05)) wrong++;
    expect(wrong).toBeLessThan(70);
  });
  it('leave out what was not tested, and refuse what is no probability', () => {
    expect(holmAdjusted([0.02, NaN, 0.01])).toEqual([0.02, NaN, 0.02]);
    expect(holmAdjusted([])).toEqual([]);
    expect(() => holmAdjusted([0.1, 1.5])).toThrow(/p-value 1 is 1.5/);
  });
});
