import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spearman } from '@espalier/nas/stats';
import {
  belongings,
  campaignUntil,
  measurementsOf,
  searchResult,
  searchUntil,
  startCampaign,
  startSearch,
  type Campaign,
} from './campaigns.js';
import { startSystem, type TestSystem } from './system.js';

const MINUTES = 60_000;

/** Enough for several checkpoints on any machine. */
const BUDGET = 200_000;

let system: TestSystem;
let own: Awaited<ReturnType<typeof belongings>>;
let disturbed: Campaign;

beforeAll(async () => {
  system = await startSystem({ agent: true });
  own = await belongings(system, 'fashion-mobile');
}, 2 * MINUTES);

afterAll(async () => {
  await system?.stop();
});

describe('a campaign whose agent and API are killed', () => {
  it(
    'ends complete, with every subject measured once',
    async () => {
      const id = await startCampaign(system, own);
      await campaignUntil(system, id, (run) => run.doneCount > 0);
      await system.kill('agent');
      const { doneCount } = await campaignUntil(system, id, (run) => run.status === 'RUNNING');
      await campaignUntil(system, id, (run) => run.doneCount > doneCount);
      await system.kill('api');
      disturbed = await campaignUntil(system, id, (run) => run.status === 'SUCCEEDED');

      expect(disturbed.doneCount).toBe(disturbed.measurementCount);
      expect(disturbed.failedCount).toBe(0);
      expect(disturbed.deviceProfile?.latencyMs.map((layer) => layer.length)).toEqual(own.choices);
      const measurements = await measurementsOf(system, id);
      expect(measurements).toHaveLength(disturbed.measurementCount);
      expect(new Set(measurements.map((each) => JSON.stringify(each.subject))).size).toBe(
        measurements.length,
      );
      expect(measurements.filter((each) => each.status !== 'DONE' || !each.sampleCount)).toEqual([]);
    },
    6 * MINUTES,
  );

  it(
    'ranks the blocks as an undisturbed one does: Spearman at least 0.97',
    async () => {
      const id = await startCampaign(system, own);
      const undisturbed = await campaignUntil(system, id, (run) => run.status === 'SUCCEEDED');
      const first = disturbed.deviceProfile?.latencyMs.flat() ?? [];
      const second = undisturbed.deviceProfile?.latencyMs.flat() ?? [];
      expect(first).toHaveLength(81);
      expect(spearman(first, second)).toBeGreaterThanOrEqual(0.97);
    },
    5 * MINUTES,
  );
});

describe('a search whose worker and API are killed', () => {
  it(
    'ends with the trials and the frontier of an undisturbed one',
    async () => {
      const input = {
        spaceVersionId: own.spaceVersionId,
        accuracySourceId: own.accuracySourceId,
        deviceProfileId: disturbed.deviceProfile?.id ?? '',
        budget: BUDGET,
        seeds: [7],
      };
      const undisturbed = await startSearch(system, input);
      await searchUntil(system, undisturbed, (run) => run.status === 'SUCCEEDED');

      const killed = await startSearch(system, input);
      await searchUntil(system, killed, (run) => run.evaluations > 0 && run.evaluations < BUDGET);
      await system.kill('worker');
      const { evaluations } = await searchUntil(system, killed, () => true);
      expect(evaluations).toBeLessThan(BUDGET);
      await searchUntil(system, killed, (run) => run.evaluations > evaluations);
      await system.kill('api');
      await searchUntil(system, killed, (run) => run.status === 'SUCCEEDED');

      const expected = await searchResult(system, undisturbed);
      const actual = await searchResult(system, killed);
      expect(actual.trialColumns.count).toBe(BUDGET);
      expect(actual.frontier.length).toBeGreaterThan(0);
      expect(actual.frontier).toEqual(expected.frontier);
      expect(actual.trialColumns).toEqual(expected.trialColumns);
    },
    5 * MINUTES,
  );
});
