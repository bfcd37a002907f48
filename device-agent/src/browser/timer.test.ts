import { expect, it } from 'vitest';
import { STEPS_PER_SAMPLE, timeRuns, timerResolutionMs } from './timer.js';

/** A clock that shows whole steps of a time that passes only as it is told to. */
function coarseClock(stepMs: number): { now: () => number; pass: (ms: number) => void } {
  let trueMs = 0;
  return {
    now: () => {
      // Reading takes time, too.
      trueMs += 0.0001;
      return Math.floor(trueMs / stepMs) * stepMs;
    },
    pass: (ms) => {
      trueMs += ms;
    },
  };
}

it.each([0.005, 0.1, 1, 100])('finds that a clock shows steps of %f ms', (stepMs) => {
  expect(timerResolutionMs(coarseClock(stepMs).now) / stepMs).toBeCloseTo(1, 6);
});

it('runs as often as the clock needs, and divides', async () => {
  const { now, pass } = coarseClock(1);
  let count = 0;
  const run = async (): Promise<void> => {
    count++;
    pass(0.3);
  };
  const first = await timeRuns(run, 1, 1, now);
  expect(Math.abs(first.runMs / 0.3 - 1)).toBeLessThan(0.02);
  expect(first.runs * 0.3).toBeGreaterThan(STEPS_PER_SAMPLE);
  expect(first.runs * 0.3).toBeLessThan(1.5 * STEPS_PER_SAMPLE);
  count = 0;
  await timeRuns(run, first.runs, 1, now);
  expect(count).toBe(first.runs);
});

it('takes a sample again that became too short', async () => {
  const { now, pass } = coarseClock(1);
  const { runs } = await timeRuns(async () => pass(5), 1, 1, now);
  const faster = await timeRuns(async () => pass(1), runs, 1, now);
  expect(runs).toBeLessThan(STEPS_PER_SAMPLE / 2);
  expect(faster.runs).toBeGreaterThanOrEqual(STEPS_PER_SAMPLE);
});

it('runs once where the clock is fine enough, and passes a failure on', async () => {
  const { now, pass } = coarseClock(0.005);
  expect((await timeRuns(async () => pass(2), 1, 0.005, now)).runs).toBe(1);
  await expect(timeRuns(() => Promise.reject(new Error('out of memory')), 1, 0.005, now)).rejects.toThrow(
    'out of memory',
  );
});
