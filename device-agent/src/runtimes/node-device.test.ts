import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referenceNetwork, seededWeights, toOnnx } from '@espalier/nas/graph';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measureCampaign, type CampaignOptions } from '../measuring/campaign.js';
import { allowedProcessors, leastBusy, whyNotPinned } from './affinity.js';
import { nodeDevice } from './node-device.js';
import { startRuntime } from './runtime-process.js';
import { hostileModels } from './testing/hostile-models.js';

const MIB = 2 ** 20;
const budget = { loadMs: 20_000, runMs: 20_000, memoryBytes: 1024 * MIB };
const harmless = (): Uint8Array =>
  toOnnx(referenceNetwork(), { batch: 1, weights: seededWeights(0), batchNorm: 'folded' });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-device-'));
});
afterEach(() => rm(folder, { recursive: true }));

const device = (own: Partial<typeof budget> = {}) =>
  nodeDevice({ threads: 1, lockPath: join(folder, 'lock'), maxWaitMs: 0, budget: { ...budget, ...own } });

describe('a model that', () => {
  it.each([
    ['crashes', /crashed \(SIGFPE\)/],
    ['hangs', /longer than 2\.0 s to run/],
    ['eats', /more than 1024 MiB of memory to run/],
  ] as const)('%s fails alone with the reason, and the others go on', async (kind, reason) => {
    const limits: CampaignOptions = {
      device: device(kind === 'hangs' ? { runMs: 2_000 } : {}),
      batch: 1,
      seed: 1,
      passes: 1,
      extraPasses: 0,
      maxRepeats: 0,
      subjectMs: 60_000,
    };
    const subjects = [
      { id: 'before', model: harmless },
      { id: kind, model: hostileModels[kind] },
      { id: 'after', model: harmless },
    ];
    const { subjects: results } = await measureCampaign(subjects, limits);
    const errors = results.map(({ error }) => error);
    expect(errors[0]).toBeNull();
    expect(errors[1]).toMatch(reason);
    expect(errors[2]).toBeNull();
    expect(results.map(({ rounds }) => rounds.length)).toEqual([3, 0, 3]);
    expect(results[1]?.statistics).toBeNull();
  });
});

it('loads a model again that another has taken down while both were loaded, without counting its first runs', async () => {
  const both = device();
  const model = await both.load(harmless());
  const first = Array.from(await model.sample(20));
  const crash = await both.load(hostileModels.crashes());
  await expect(crash.sample(3)).rejects.toThrow(/crashed/);
  await expect(crash.sample(3)).rejects.toThrow(/crashed/);
  const later = Array.from(await model.sample(20));
  expect(later).toHaveLength(20);
  expect(Math.min(...later)).toBeLessThan(3 * Math.min(...first));
  await crash.release();
  await model.release();
});

it('refuses what the runtime refuses, and still loads others', async () => {
  const own = device();
  await expect(own.load(new Uint8Array([1, 2, 3]))).rejects.toThrow(/protobuf|model/i);
  const model = await own.load(harmless());
  expect(model.peakBytes).toBeGreaterThan(10 * MIB);
  await model.release();
});

it.runIf(process.platform === 'linux')('ends its process with the last model', async () => {
  const runtime = startRuntime({ threads: 1, provider: 'cpu', processors: null, memoryBytes: Infinity });
  const stat = (): string => readFileSync(`/proc/${String(runtime.pid)}/stat`, 'utf8');
  await runtime.ask({ ask: 'RELEASE', model: 1 }, 20_000);
  expect(stat()).not.toBe('');
  await runtime.end();
  expect(stat).toThrow(/ENOENT/);
  await expect(runtime.ask({ ask: 'RELEASE', model: 1 }, 20_000)).rejects.toThrow(/ended/);
});

describe('affinity', () => {
  it.runIf(whyNotPinned(1) === null)('keeps the runtime on the processors that it is given', async () => {
    const [first = NaN] = allowedProcessors() ?? [];
    const runtime = startRuntime({ threads: 1, provider: 'cpu', processors: [first], memoryBytes: Infinity });
    await runtime.ask({ ask: 'RELEASE', model: 1 }, 20_000);
    expect(allowedProcessors(readFileSync(`/proc/${String(runtime.pid)}/status`, 'utf8'))).toEqual([first]);
    await runtime.end();
  });

  it('is left out where it would change nothing, and says why', () => {
    expect(whyNotPinned(10_000)).toMatch(/10000 threads on|not possible/);
  });

  it('reads lists of processors as Linux writes them', () => {
    expect(allowedProcessors('Name:\tnode\nCpus_allowed_list:\t0-2,5,8-9\n')).toEqual([0, 1, 2, 5, 8, 9]);
    expect(allowedProcessors('nothing')).toBeNull();
  });

  it('takes idle processors of different cores', () => {
    const siblings = (cpu: number): string => `${String(cpu % 2)},${String((cpu % 2) + 2)}`;
    expect(leastBusy(1, [0, 1, 2, 3], [5, 9, 9, 9], siblings)).toEqual([3]);
    expect(leastBusy(2, [0, 1, 2, 3], [5, 9, 9, 9], siblings)).toEqual([2, 3]);
    expect(leastBusy(3, [0, 1, 2, 3], [5, 9, 9, 9], siblings)).toEqual([1, 2, 3]);
    expect(leastBusy(1, [0, 1], [9, 2], () => null)).toEqual([0]);
  });
});
