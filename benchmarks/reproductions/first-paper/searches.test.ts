import { expect, it } from 'vitest';
import { family, isKept, positionsOf, type Encoding } from '@espalier/nas/space';
import { accuracySearch, frontQuality, paretoSearch } from './searches.js';

const space = family('ofa-mbv3-w10');
/** Without the first block of every layer. */
const kept = positionsOf(space).map(({ choices }) =>
  choices.flatMap((_, choice) => (choice === 0 ? [] : [choice])),
);
/** Later blocks are better and slower, and deeper networks. */
const objectives = (network: Encoding): { error: number; latencyMs: number } => ({
  error: network.reduce((sum, choice) => sum + (choice === 9 ? 4 : 3 / (2 + choice)), 0),
  latencyMs: network.reduce((sum, choice) => sum + (choice === 9 ? 0 : 1 + choice), 0),
});

it.each([
  ['the front', paretoSearch, 2100],
  ['accuracy', accuracySearch, 220],
] as const)(
  'searches for %s within the space with the published number of evaluations',
  (_, search, count) => {
    const trials = search(space, kept, objectives, 3);
    expect(trials).toHaveLength(count);
    expect(trials.every(({ encoding }) => isKept(kept, encoding))).toBe(true);
    expect(new Set(trials.slice(0, 99).map(({ encoding }) => encoding.join('.'))).size).toBe(99);
    // Depth is drawn uniformly: two layers in a third of the units.
    const first = trials.slice(0, 20).map(({ encoding }) => encoding.filter((choice) => choice === 9).length);
    expect(first.reduce((sum, absent) => sum + absent, 0) / first.length).toBeGreaterThan(3);
    const least = (from: number, to: number): number =>
      Math.min(...trials.slice(from, to).map(({ error }) => error));
    expect(least(0, count)).toBeLessThan(least(0, 20));
  },
);

it('judges a front by the reference, and by its faster two thirds', () => {
  const reference = [[10, 3], [11, 2], [12, 1], [13, 0]]; // prettier-ignore
  const trial = (error: number, latencyMs: number): Parameters<typeof frontQuality>[0][number] => ({
    encoding: [] as unknown as Encoding,
    error,
    latencyMs,
  });
  const whole = frontQuality(reference.map(([error = 0, ms = 0]) => trial(error, ms)), reference); // prettier-ignore
  expect(whole.hypervolume).toBeCloseTo(1, 12);
  expect(whole.lowerHypervolume).toBeCloseTo(1, 12);
  expect(whole.igdPlus).toBe(0);
  // No network takes less than nothing: 13 % until 1 ms, 12 % until 2 ms.
  expect(whole.lowerError).toBeCloseTo(12.5, 12);
  // All that is lost is at the slow end.
  const fast = frontQuality([trial(11, 2), trial(12, 1), trial(13, 0)], reference);
  expect(fast.hypervolume).toBeLessThan(1);
  expect(fast.lowerHypervolume).toBeCloseTo(1, 12);
  expect(fast.igdPlus).toBeCloseTo(1 / 3 / 4, 12);
});
