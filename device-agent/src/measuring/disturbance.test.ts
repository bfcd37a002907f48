import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { networkOf } from '@espalier/nas/graph';
import { subjectNetwork } from '@espalier/nas/profile';
import { fashionMobile, typicalEncoding } from '@espalier/nas/space';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allowedProcessors, whyNotPinned } from '../runtimes/affinity.js';
import { nodeDevice } from '../runtimes/node-device.js';
import { measureCampaign, type CampaignResult } from './campaign.js';
import { watchLoad } from './foreign-load.js';
import { measuredModel } from './measured-model.js';

/** Real load of other processes, bound to processors: what others do to a campaign on the first one. */
const [own = 0, other = 0] = allowedProcessors() ?? [];
const bound = whyNotPinned(1) === null;
const BUSY = 'for (;;);';
/** Works 40 ms and rests 10 ms: what is left of the processor is like one of a lower frequency that comes and goes. */
const DUTY =
  'const w = new Int32Array(new SharedArrayBuffer(4)); for (;;) { const t = performance.now(); while (performance.now() - t < 40); Atomics.wait(w, 0, 0, 10); }';
const ROUNDS = 3;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-disturbance-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Two blocks, and a network whose runs are longer than a turn of the system's scheduler. */
async function campaign(): Promise<CampaignResult> {
  const block = (choice: number) =>
    subjectNetwork(fashionMobile, { kind: 'BLOCK', layer: 0, choice, copies: 1, site: 0 });
  const typical = networkOf(fashionMobile, typicalEncoding(fashionMobile));
  const model = (network: typeof typical, batch: number) => () =>
    measuredModel(network, { batch, seed: 1, precision: 'fp32' });
  return measureCampaign(
    [
      { id: 'small', model: model(block(0), 16) },
      { id: 'large', model: model(block(26), 16) },
      { id: 'network', model: model(typical, 256) },
    ],
    {
      device: nodeDevice({ threads: 1, lockPath: join(folder, 'lock'), maxWaitMs: 0, pinned: [own] }),
      batch: 16,
      seed: 1,
      passes: 1,
      extraPasses: 0,
      roundsPerVisit: ROUNDS,
      maxRepeats: 1,
      roundMs: 30,
      subjectMs: 60_000,
    },
  );
}

async function beside(program: string, processor: number): Promise<CampaignResult> {
  const load = spawn('taskset', ['-c', String(processor), process.execPath, '-e', program], {
    env: {},
    stdio: 'ignore',
  });
  try {
    // Until it has started.
    await sleep(250);
    return await campaign();
  } finally {
    load.kill('SIGKILL');
  }
}

const steady = ({ subjects }: CampaignResult): string[] =>
  subjects.filter(({ unstableReason }) => unstableReason === null).map(({ id }) => id);

it.runIf(bound).each([
  ['a busy loop on the other processor', BUSY, other],
  ['a busy loop on the same processor', BUSY, own],
  ['a duty-cycled load on the same processor, as a frequency that drops', DUTY, own],
])('%s: nothing is steady, and everything was repeated', async (_, program, processor) => {
  const result = await beside(program, processor);
  expect(steady(result)).toEqual([]);
  for (const { rounds, unstableReason } of result.subjects) {
    expect(rounds.length).toBeGreaterThan(ROUNDS);
    expect(unstableReason).toMatch(/contention|reference network moved|rounds differ/);
  }
});

it.runIf(bound)(
  'a disturbance that ends is measured past: what was repeated in quiet is steady',
  async () => {
    const watch = watchLoad({ threads: 1 });
    await sleep(250);
    const before = watch.since();
    const result = await campaign();
    await sleep(250);
    watch.since();
    await sleep(250);
    const after = watch.since();
    // Beside a busy neighbour nothing can be said of calm but that it is not called steady in error.
    const quiet = [before, after].every(
      (reading) => reading !== 'TOO_SHORT' && reading.foreignCores < reading.allowedCores / 2,
    );
    if (quiet) expect(steady(result).length).toBeGreaterThanOrEqual(2);
    else expect(result.subjects.every(({ error }) => error === null)).toBe(true);
  },
);
