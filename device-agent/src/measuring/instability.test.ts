import { expect, it } from 'vitest';
import { instability } from './instability.js';
import { gaugeReference } from './reference.js';

const gaugeOf = (readingsMs: readonly number[]): ReturnType<typeof gaugeReference> => ({
  ...gaugeReference({ createMs: 0, run: () => Promise.resolve(1), release: () => Promise.resolve() }),
  readingsMs,
  moved: (ms) => Math.max(0, ms - 1),
});
const steady = Array.from({ length: 30 }, () => 1);

it('is steady with three calm rounds, however many were disturbed', () => {
  expect(instability([1, 1.2, 1.01, 1.3, 1.4, 1.02], gaugeOf(steady), 0.03, null)).toBeNull();
});

it('tells how far the reference moved and around how many rounds', () => {
  expect(instability([1, 1.2, 1.1], gaugeOf(steady), 0.03, null)).toBe(
    'the reference network moved by up to 20.0 % around 2 of 3 rounds (contention)',
  );
});

it('names the load that was there from the beginning', () => {
  const crowd = { foreignCores: 1.96, allowedCores: 1.35 };
  expect(instability([1.2, 1.2, 1.2], gaugeOf(steady), 0.03, crowd)).toContain(
    'other processes kept 2.0 cores busy when it began',
  );
});

it('suspects temperature or frequency when the reference stays slower', () => {
  const slower = steady.map((ms, i) => (i > 15 ? 1.1 * ms : ms));
  expect(instability([1.1, 1.1, 1.1], gaugeOf(slower), 0.03, null)).toContain('temperature or frequency');
});
