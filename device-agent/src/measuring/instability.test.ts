import { expect, it } from 'vitest';
import { instability } from './instability.js';
import { gaugeReference } from './reference.js';
import type { Round } from './subject-record.js';

const DRIFT = 0.03;
const gaugeOf = (readingsMs: readonly number[]): ReturnType<typeof gaugeReference> => ({
  ...gaugeReference({ createMs: 0, sample: () => Promise.resolve([1]), release: () => Promise.resolve() }),
  readingsMs,
  moved: (ms) => Math.max(0, ms - 1),
});
const steady = gaugeOf(Array.from({ length: 30 }, () => 1));
const around = (...referenceMs: readonly number[]): Round[] =>
  referenceMs.map((each) => ({ samples: Float32Array.of(1), referenceMs: each, disturbance: null }));

it('is steady with three calm rounds, however many were disturbed', () => {
  expect(instability(around(1, 1.2, 1.01, 1.3, 1.4, 1.02), 0.01, steady, DRIFT, null)).toBeNull();
});

it('tells how far the reference moved and around how many rounds', () => {
  expect(instability(around(1, 1.2, 1.1), 0.01, steady, DRIFT, null)).toBe(
    'the reference network moved by up to 20.0 % around 2 of 3 rounds (contention)',
  );
});

it('names the load that was there from the beginning', () => {
  const crowd = { foreignCores: 1.96, allowedCores: 0.35 };
  expect(instability(around(1.2, 1.2, 1.2), 0.01, steady, DRIFT, crowd)).toContain(
    'other processes kept 2.0 cores busy when it began',
  );
});

it('suspects temperature or frequency when the reference stays slower', () => {
  const slower = gaugeOf(steady.readingsMs.map((ms, i) => (i > 15 ? 1.1 * ms : ms)));
  expect(instability(around(1.1, 1.1, 1.1), 0.01, slower, DRIFT, null)).toContain('temperature or frequency');
});

it('does not count rounds in which others were in the way as calm, though the reference stood still', () => {
  const rounds = around(1, 1, 1, 1);
  for (const round of rounds.slice(1)) round.disturbance = 'other processes kept 1.0 cores busy';
  expect(instability(rounds, 0.01, steady, DRIFT, null)).toBe(
    'contention in 3 of 4 rounds: other processes kept 1.0 cores busy',
  );
});

it('does not call a floor steady that calm rounds do not agree on', () => {
  expect(instability(around(1, 1, 1), 0.05, steady, DRIFT, null)).toContain('reaches 5.0 % to a side');
});
