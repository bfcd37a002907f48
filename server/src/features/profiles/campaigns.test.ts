import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { outcomesOf, reportOf, type TestLease } from './testing/agents.js';
import { measuringTeam, NETWORKS, SEED, truth, type MeasuringTeam } from './testing/campaigns.js';

let db: TestDatabase;
let measuring: MeasuringTeam;
let team: MeasuringTeam['team'];
let agent: MeasuringTeam['agent'];

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  measuring = await measuringTeam(db);
  ({ team, agent } = measuring);
});

describe(`a campaign (blocks' latencies drawn with seed ${String(SEED)})`, () => {
  it('ends in the profile of the device that was measured', async () => {
    const id = await measuring.startProfile();
    expect(await measuring.readRun(id)).toMatchObject({
      status: 'QUEUED',
      measurementCount: 3 * 27 * 2 + 60,
      startedAt: null,
    });
    for (let leases = await agent.lease(100); leases.length > 0; leases = await agent.lease(100)) {
      expect(await measuring.readRun(id)).toMatchObject({ status: 'RUNNING', deviceProfile: null });
      expect(new Set(outcomesOf(await agent.report(leases.map((lease) => reportOf(lease, truth)))))).toEqual(
        new Set(['ACCEPTED']),
      );
    }
    // The report has stored what was measured and returned; the estimate is a worker's.
    expect(await measuring.readRun(id)).toMatchObject({
      status: 'RUNNING',
      doneCount: 222,
      deviceProfile: null,
    });
    await measuring.conclude();
    const run = await measuring.readRun(id);
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      error: null,
      doneCount: 222,
      failedCount: 0,
      unstableCount: 0,
    });
    expect(run.endedAt).not.toBeNull();
    const { latencyMs, isolatedMs, fixedMs, quality, estimator } = run.deviceProfile;
    // The floor is the mean of the three best rounds, and these rise by 2 % each: 2 % above the truth.
    truth.layers.forEach((layer, at) =>
      layer.forEach((ms, choice) => {
        expect(latencyMs[at][choice] / ms).toBeCloseTo(1, 1);
        expect(isolatedMs[at][choice]).toBeGreaterThan(ms);
      }),
    );
    expect(fixedMs).toBeCloseTo(0.4, 1);
    expect(estimator).toContain('slope over chains');
    expect(quality).toMatchObject({ heldOutCount: 40, unstableCount: 0 });
    expect(quality.additivityMape).toBeLessThan(0.01);
    expect(quality.kendallTau).toBeGreaterThan(0.98);
    expect(quality.repeatabilitySpearman).toBeGreaterThan(0.99);
  });

  it('keeps every sample, computes the statistics itself, and says on which device', async () => {
    const id = await measuring.startSmall(NETWORKS);
    const leases = await agent.lease();
    await agent.report(leases.map((lease) => reportOf(lease, truth)));
    const { measurements, status } = await measuring.readRun(id);
    expect(status).toBe('SUCCEEDED');
    const [first] = measurements.nodes;
    expect(first).toMatchObject({
      status: 'DONE',
      subject: { kind: 'NETWORK', encoding: [0, 0, 0] },
      sampleCount: 18,
      device: { id: agent.deviceId },
    });
    expect(first.rounds).toHaveLength(6);
    expect(first.floorMs).toBeCloseTo(first.rounds[0][1], 6);
    expect(first.medianMs).toBeGreaterThanOrEqual(first.floorMs);
    expect(first.floorIntervalMs[0]).toBeLessThanOrEqual(first.floorIntervalMs[1]);
  });

  it('fails with the reason when a block cannot be measured, and leaves no profile', async () => {
    const id = await measuring.startProfile();
    const isBroken = ({ subject }: TestLease): boolean =>
      subject.kind === 'BLOCK' && subject.layer === 1 && subject.choice === 5;
    for (let leases = await agent.lease(); leases.length > 0; leases = await agent.lease())
      await agent.report(
        leases.map((lease) =>
          isBroken(lease)
            ? {
                measurementId: lease.measurementId,
                fencingNumber: lease.fencingNumber,
                error: 'out of\nmemory',
              }
            : reportOf(lease, truth),
        ),
      );
    await measuring.conclude();
    const run = await measuring.readRun(id);
    expect(run).toMatchObject({ status: 'FAILED', deviceProfile: null, failedCount: 2, doneCount: 220 });
    expect(run.error).toContain('k3e2d3');
    const failed = run.measurements.nodes.filter((m: { status: string }) => m.status === 'FAILED');
    for (const { error } of failed) expect(error).toBe('out of memory');
  });

  it('keeps whole networks beside their profile, by architecture', async () => {
    await measuring.startSmall([...NETWORKS, [1, 2, 3]]);
    const leases = await agent.lease();
    expect(leases).toHaveLength(2);
    await agent.report(leases.map((lease) => reportOf(lease, truth)));
    const rows = await db.sql<{
      architecture: Buffer;
      floor_ms: number;
      unstable: boolean;
      visibility: string;
    }>(
      'select architecture, floor_ms, unstable, visibility from architecture_latencies where team_id = $1 order by 1',
      [team.teamId],
    );
    expect(
      rows.map(({ architecture, unstable, visibility }) => [[...architecture], unstable, visibility]),
    ).toEqual([
      [[0, 0, 0], false, 'PRIVATE'],
      [[1, 2, 3], false, 'PRIVATE'],
    ]);
  });
});
