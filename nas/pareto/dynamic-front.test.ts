import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../stats/index.js';
import { dominates, DynamicFront, nonDominatedPlain } from './index.js';

describe('a front of points that come and go', () => {
  const coordinate = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constantFrom(Infinity, -Infinity, -0));
  const step = fc.record({ x: coordinate, y: coordinate, leaves: fc.nat(), isRemoval: fc.boolean() });

  it('is that of the points present after every step', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const front = new DynamicFront();
        const present = new Map<number, readonly [number, number]>();
        for (const { x, y, leaves, isRemoval } of steps) {
          if (isRemoval && present.size > 0) {
            const handle = [...present.keys()][leaves % present.size] ?? -1;
            front.remove(handle);
            present.delete(handle);
          } else present.set(front.insert(x, y), [x, y]);
          const handles = [...present.keys()];
          const points = [...present.values()];
          const expected = nonDominatedPlain(points).map((i) => handles[i] ?? -1);
          expect(front.front().sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
          expect(front.size).toBe(present.size);
          expect(front.isDominated(x, y)).toBe(points.some((point) => dominates(point, [x, y])));
        }
      }),
      { numRuns: 300 },
    );
  });
  it('takes a point in and lets one go in time that hardly grows with their number', () => {
    const random = createRandom(6);
    const perStepUs = (n: number): number => {
      const front = new DynamicFront();
      const handles: number[] = [];
      const insert = (): number => {
        const x = random.float();
        return front.insert(x, 1 - x);
      };
      for (let i = 0; i < n; i++) handles.push(insert());
      const start = performance.now();
      for (let i = 0; i < 4000; i++) {
        const at = random.int(n);
        front.remove(handles[at] ?? -1);
        handles[at] = insert();
      }
      return (1000 * (performance.now() - start)) / 4000;
    };
    perStepUs(1000);
    const best = (n: number): number => Math.min(perStepUs(n), perStepUs(n), perStepUs(n));
    // In proportion to their number it would be 64.
    expect(best(128_000) / best(2000)).toBeLessThan(32);
  });
  it('is not slowed by points that are all equal or all as low', () => {
    const front = new DynamicFront();
    const handles = Array.from({ length: 30_000 }, (_, i) => front.insert(i < 15_000 ? 0 : i, 3));
    const start = performance.now();
    front.front();
    const listing = performance.now() - start;
    for (const handle of handles.slice(0, 14_990)) front.remove(handle);
    expect(front.front()).toEqual(handles.slice(14_990, 15_000));
    const all = performance.now() - start;
    // Each removal by a look at all equal ones would take half of a listing each time.
    expect(all / Math.max(listing, 0.5)).toBeLessThan(2000);
  });
  it('refuses NaN and points that are not there', () => {
    const front = new DynamicFront();
    expect(() => front.insert(NaN, 1)).toThrow(RangeError);
    const handle = front.insert(1, 2);
    front.remove(handle);
    expect(() => {
      front.remove(handle);
    }).toThrow(/no point/);
    expect(front.front()).toEqual([]);
  });
});
