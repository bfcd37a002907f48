import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readLoad, waitForQuiet } from './foreign-load.js';

it('counts what other processes do, not what this one does', async () => {
  const spin = performance.now();
  const own = readLoad(1);
  while (performance.now() - spin < 200);
  const { allowedCores } = await own;
  expect(allowedCores).toBeCloseTo(cpus().length - 1 + 0.35, 9);

  const busy = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);']));
  try {
    await sleep(300);
    const { foreignCores } = await readLoad(1);
    expect(foreignCores).toBeGreaterThan(0.6 * cpus().length);
    let told = 0;
    const reading = await waitForQuiet({ threads: 1, maxWaitMs: 500, onWait: () => told++ });
    expect(reading?.foreignCores).toBeGreaterThan(reading?.allowedCores ?? NaN);
    expect(told).toBe(1);
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
});

it('waits no longer when aborted', async () => {
  await expect(waitForQuiet({ threads: 1, maxWaitMs: 1e6, signal: AbortSignal.abort() })).rejects.toThrow();
});
