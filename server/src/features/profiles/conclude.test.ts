import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../../platform/platform.js';
import type { JobName, JobQueue, Jobs } from '../../platform/queue/job-queue.js';
import { sweepWaitingRuns } from '../../platform/queue/sweeper.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { concludeProfile } from './conclude.js';
import { reportOf, uuidIn } from './testing/agents.js';
import { measuringTeam, truth, type MeasuringTeam } from './testing/campaigns.js';

let db: TestDatabase;
let measuring: MeasuringTeam;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  measuring = await measuringTeam(db);
});

/** A campaign whose last measurement has just been reported. */
async function measuredCampaign(): Promise<{ id: string; job: Jobs['profileConclusion'] }> {
  const { agent } = measuring;
  const id = await measuring.startProfile();
  for (let leases = await agent.lease(); leases.length > 0; leases = await agent.lease())
    await agent.report(leases.map((lease) => reportOf(lease, truth)));
  return { id, job: { runId: uuidIn(id), teamId: measuring.team.teamId } };
}

const profilesOf = (runId: string) =>
  db.sql<{ environment: { device: string }[]; reference_readings: unknown[]; samples_hash: Buffer }>(
    'select environment, reference_readings, samples_hash from device_profiles where profile_run_id = $1',
    [runId],
  );

describe('concluding a campaign', () => {
  it('is found by the sweep when the queue has lost it, and by nothing before and after', async () => {
    const swept: string[] = [];
    const sweep = async (): Promise<void> => {
      const queue: Pick<JobQueue, 'enqueueMissing'> = {
        enqueueMissing: async <N extends JobName>(name: N, jobs: readonly Jobs[N][]) => {
          if (name === 'profileConclusion') swept.push(...jobs.map(({ runId }) => runId));
          return jobs.length;
        },
      };
      await sweepWaitingRuns(db.urls.queue, queue as JobQueue, pino({ level: 'silent' })).stop();
    };
    const open = await measuring.startProfile();
    await measuring.agent.lease(3);
    await sweep();
    expect(swept).not.toContain(uuidIn(open));
    await db.sql(`update profile_runs set status = 'STOPPED' where id = $1`, [uuidIn(open)]);
    const { job } = await measuredCampaign();
    await sweep();
    expect(swept).toContain(job.runId);
    swept.length = 0;
    await concludeProfile(db.platform, job);
    await sweep();
    expect(swept).not.toContain(job.runId);
  });

  it('ends in one profile however often and by however many it is done', async () => {
    const { id, job } = await measuredCampaign();
    await Promise.all([concludeProfile(db.platform, job), concludeProfile(db.platform, job)]);
    await concludeProfile(db.platform, job);
    expect(await profilesOf(job.runId)).toHaveLength(1);
    expect(await measuring.readRun(id)).toMatchObject({ status: 'SUCCEEDED', error: null });
  });

  it('loses nothing when a worker falls between the estimate and its storing', async () => {
    const { id, job } = await measuredCampaign();
    let transactions = 0;
    const falling: Platform = {
      ...db.platform,
      inScope: (scope, work) => {
        if (++transactions > 1) throw new Error('the worker fell');
        return db.platform.inScope(scope, work);
      },
    };
    await expect(concludeProfile(falling, job)).rejects.toThrow('the worker fell');
    expect(await measuring.readRun(id)).toMatchObject({ status: 'RUNNING', deviceProfile: null });
    await concludeProfile(db.platform, job);
    expect((await measuring.readRun(id)).status).toBe('SUCCEEDED');
  });

  it('makes nothing of a campaign that was stopped meanwhile', async () => {
    const { job } = await measuredCampaign();
    await db.sql(`update profile_runs set status = 'STOPPED' where id = $1`, [job.runId]);
    await concludeProfile(db.platform, job);
    expect(await profilesOf(job.runId)).toEqual([]);
  });

  it('is not done for another team', async () => {
    const { job } = await measuredCampaign();
    const other = await db.team();
    await concludeProfile(db.platform, { ...job, teamId: other.teamId });
    expect(await profilesOf(job.runId)).toEqual([]);
  });

  it('keeps every sample, who measured it, and how the reference network ran', async () => {
    const { job } = await measuredCampaign();
    await concludeProfile(db.platform, job);
    const [profile] = await profilesOf(job.runId);
    expect(profile?.environment).toMatchObject([{ environment: { cores: 2 }, agentVersion: '0.1.0' }]);
    expect(profile?.reference_readings).toHaveLength(222);
    const file = await db.platform.blobs.get(profile?.samples_hash.toString('hex') ?? '');
    const lines = gunzipSync(file).toString('utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(222);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ordinal: 0,
      subject: { kind: 'BLOCK', layer: 0, choice: 0 },
      referenceMs: [1, 1, 1.001, 1, 1, 1],
      unstableReason: null,
      environment: { cores: 2 },
    });
  });
});
