import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededWeights, toOnnx } from '@espalier/nas/graph';
import { subjectKey, subjectNetwork, type Subject } from '@espalier/nas/profile';
import { fashionMobile } from '@espalier/nas/space';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDevice } from '../runtimes/node-device.js';
import { loadModel } from '../runtimes/onnxruntime-node.js';
import {
  measureCampaign,
  type CampaignEvent,
  type CampaignOptions,
  type CampaignSubject,
} from './campaign.js';

const BATCH = 16;
let folder: string;
let options: CampaignOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-campaign-'));
  const lockPath = join(folder, 'lock');
  options = {
    device: nodeDevice({ threads: 1, lockPath, maxWaitMs: 0 }),
    batch: BATCH,
    seed: 1,
    passes: 2,
    extraPasses: 0,
    subjectMs: 60_000,
  };
});

afterEach(() => rm(folder, { recursive: true }));

function block(choice: number, copies: number): CampaignSubject {
  const subject: Subject = { kind: 'BLOCK', layer: 0, choice, copies, site: 0 };
  return { id: subjectKey(subject), model: () => modelOf(subject) };
}

function modelOf(subject: Subject): Uint8Array {
  const network = subjectNetwork(fashionMobile, subject);
  return toOnnx(network, { batch: BATCH, weights: seededWeights(1), batchNorm: 'folded' });
}

describe('measureCampaign', () => {
  it('measures every subject in rounds, in the order given, and longer chains take longer', async () => {
    const events: CampaignEvent[] = [];
    const subjects = [block(0, 1), block(0, 4), block(26, 1)];
    const {
      subjects: results,
      referenceMs,
      wallMs,
      insideMs,
    } = await measureCampaign(subjects, options, (event) => events.push(event));
    const kept = results.flatMap(({ rounds }) => rounds.flatMap((round) => Array.from(round)));
    expect(insideMs).toBeGreaterThan(kept.reduce((sum, ms) => sum + ms, 0));
    expect(insideMs).toBeLessThan(wallMs);
    expect(results.map(({ id }) => id)).toEqual(subjects.map(({ id }) => id));
    for (const { rounds, referenceMs: around, error, sessionCreateMs } of results) {
      expect(error).toBeNull();
      expect(rounds.length).toBeGreaterThanOrEqual(6);
      expect(around).toHaveLength(rounds.length);
      expect(rounds.every((round) => round.length >= 4 && round.every((ms) => ms > 0))).toBe(true);
      expect(sessionCreateMs).toBeGreaterThan(0);
    }
    const [small = NaN, chain = NaN, large = NaN] = results.map(
      ({ statistics }) => statistics?.floorMs ?? NaN,
    );
    expect(chain).toBeGreaterThan(1.5 * small);
    expect(large).toBeGreaterThan(2 * small);
    expect(referenceMs.length).toBeGreaterThan(12);
    expect(events.filter(({ kind }) => kind === 'MEASURED')).toHaveLength(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets a broken subject fail alone, with the reason', async () => {
    const broken: CampaignSubject = { id: 'broken', model: () => new Uint8Array([1, 2, 3]) };
    const unbuildable: CampaignSubject = {
      id: 'unbuildable',
      model: () => {
        throw new Error('no such block');
      },
    };
    const { subjects } = await measureCampaign([broken, unbuildable, block(0, 1)], options);
    expect(subjects[0]?.error).toMatch(/protobuf|model/i);
    expect(subjects[1]).toMatchObject({ error: 'no such block', rounds: [], statistics: null });
    expect(subjects[2]?.error).toBeNull();
  });

  it('stops when aborted and gives the device back', async () => {
    const abort = new AbortController();
    const measuring = measureCampaign([block(0, 1)], { ...options, signal: abort.signal }, () => {
      abort.abort(new Error('stopped'));
    });
    await expect(measuring).rejects.toThrow('stopped');
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives for a network what a bare loop over the runtime gives, within 20 %', async () => {
    const subject: Subject = { kind: 'REFERENCE' };
    const { subjects } = await measureCampaign([{ id: 'reference', model: () => modelOf(subject) }], options);
    const model = await loadModel(modelOf(subject), { threads: 1 });
    const bare = Array.from(await model.sample(300));
    await model.release();
    const least = Math.min(...bare);
    const floorMs = subjects[0]?.statistics?.floorMs ?? NaN;
    expect(Math.abs(floorMs / least - 1)).toBeLessThan(0.2);
  });

  it('finishes the round at hand when told to, and says what is complete', async () => {
    const finish = new AbortController();
    const broken: CampaignSubject = { id: 'broken', model: () => new Uint8Array([1, 2, 3]) };
    const { subjects } = await measureCampaign(
      [block(0, 1), broken],
      { ...options, passes: 3, finish: finish.signal },
      ({ kind }) => {
        if (kind === 'MEASURED') finish.abort(new Error('stopped'));
      },
    );
    expect(subjects.map(({ complete }) => complete)).toEqual([false, true]);
    expect(subjects[0]?.rounds.length).toBeGreaterThanOrEqual(3);
    expect(subjects[0]?.rounds.length).toBeLessThan(9);
    expect(await readdir(folder)).toEqual([]);
  });

  it('tells the time inside the runtime and what each subject took of the device', async () => {
    const { subjects, wallMs, insideMs, referenceMs } = await measureCampaign(
      [block(0, 1), block(0, 4)],
      options,
    );
    const kept = subjects.flatMap(({ rounds }) => rounds.flatMap((round) => Array.from(round)));
    const keptMs = kept.reduce((sum, ms) => sum + ms, 0);
    // Twelve runs of the reference to a reading, of which the shortest counts.
    const referenceFloorMs = 12 * referenceMs.reduce((sum, ms) => sum + ms, 0);
    expect(insideMs).toBeGreaterThan(keptMs + referenceFloorMs);
    expect(insideMs).toBeLessThan(wallMs);
    const deviceMs = subjects.reduce((sum, subject) => sum + subject.deviceMs, 0);
    expect(deviceMs).toBeGreaterThan(keptMs);
    expect(deviceMs).toBeLessThan(wallMs);
    expect(subjects.every(({ peakMemoryBytes }) => (peakMemoryBytes ?? 0) > 2 ** 20)).toBe(true);
  });

  it('completes one pass when there is no time left for more', async () => {
    const onePass = { ...options, subjectMs: 0, passesRatio: 1, maxRepeats: 0 };
    const { subjects } = await measureCampaign([block(0, 1)], onePass);
    expect(subjects[0]?.rounds).toHaveLength(3);
    expect(subjects[0]?.complete).toBe(true);
  });

  it('builds models ahead without losing or mistaking one that cannot be built', async () => {
    const unbuilt = {
      id: 'unbuilt',
      model: (): Uint8Array => {
        throw new Error('no such block');
      },
    };
    const limits = { ...options, passes: 1, extraPasses: 0, maxRepeats: 0 };
    const { subjects } = await measureCampaign([block(0, 1), unbuilt, block(0, 2), unbuilt], limits);
    expect(subjects.map(({ error }) => error)).toEqual([null, 'no such block', null, 'no such block']);
    expect(subjects.map(({ rounds }) => rounds.length)).toEqual([3, 0, 3, 0]);
  });

  it('measures a round again in which something stopped the device, and keeps nothing of it', async () => {
    let interruptions = 0;
    let samples = 0;
    const { device } = options;
    const interrupted = {
      ...device,
      interruptions: () => interruptions,
      load: async (model: Uint8Array) => {
        const loaded = await device.load(model);
        return {
          ...loaded,
          sample: (runs: number) => {
            // Once somewhere in each of the first three rounds.
            if (runs > 5 && ++samples % 3 === 0 && interruptions < 3) interruptions++;
            return loaded.sample(runs);
          },
        };
      },
    };
    const subjects = [block(0, 1), block(26, 1)];
    const limits = { ...options, passes: 1, maxRepeats: 0, device: interrupted };
    const { subjects: results, referenceMs } = await measureCampaign(subjects, limits);
    expect(interruptions).toBe(3);
    for (const { rounds, referenceMs: around } of results) {
      expect(rounds).toHaveLength(3);
      expect(around).toHaveLength(3);
    }
    // Five to settle, two around each of the three rounds kept, and of those that were not.
    expect(referenceMs.length).toBeGreaterThan(5 + 2 * 3);
  });

  it('has no results for no subjects', async () => {
    expect((await measureCampaign([], options)).subjects).toEqual([]);
  });
});
