import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { allowedCores, watchLoad } from './foreign-load.js';

it('allows less than one core beside a measurement on a small machine, and a share of a large one', () => {
  expect(allowedCores(1, 1)).toBe(0.35);
  expect(allowedCores(2, 1)).toBeLessThan(0.5);
  expect(allowedCores(4, 1)).toBeLessThan(1);
  expect(allowedCores(4, 4)).toBe(0.35);
  expect(allowedCores(64, 1)).toBeGreaterThan(10);
});

it('counts what other processes do', async () => {
  const watch = watchLoad({ threads: 1 });
  expect(watch.since()).toBe('TOO_SHORT');
  const busy = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    await sleep(300);
    let told = 0;
    const reading = await watch.untilQuiet({ maxWaitMs: 500, onWait: () => told++ });
    expect(reading?.foreignCores).toBeGreaterThan(0.6 * cpus().length);
    expect(reading?.foreignCores).toBeGreaterThan(reading?.allowedCores ?? NaN);
    expect(told).toBe(1);
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
});

it('does not count what the process that measures for this one does', async () => {
  let claimedMs = 0;
  const watch = watchLoad({ threads: 1, runtimeBusyMs: () => claimedMs });
  claimedMs = 1e9;
  await sleep(250);
  expect(watch.since()).toMatchObject({ foreignCores: 0 });
});

it('waits no longer when aborted', async () => {
  await expect(
    watchLoad({ threads: 1 }).untilQuiet({ maxWaitMs: 1e6, signal: AbortSignal.abort() }),
  ).rejects.toThrow();
});
