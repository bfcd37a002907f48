import { randomUUID } from 'node:crypto';
import { predictLatency, type LatencyTable } from '@espalier/nas/profile';
import { fromGlobalId } from '../../../graphql/node-ids.js';
import type { RequestContext } from '../../../graphql/context.js';
import { authenticate } from '../../../platform/identity/authenticate.js';
import { ask, type Answer } from '../../../platform/testing/ask.js';
import type { TestDatabase } from '../../../platform/testing/database.js';
import type { MeasurementSubject } from '../entities.js';

export interface TestLease {
  readonly measurementId: string;
  readonly fencingNumber: number;
  readonly subject: MeasurementSubject;
  readonly spaceVersionId: string | null;
  readonly space: { readonly spaceVersionId: string; readonly document: unknown } | null;
  readonly seed: number;
}

/** An agent that speaks to the API as a real one does, with its own token. */
export interface TestAgent {
  readonly token: string;
  readonly deviceId: string;
  lease(count?: number): Promise<TestLease[]>;
  report(reports: readonly Record<string, unknown>[]): Promise<Answer>;
  heartbeat(fencingNumbers?: readonly number[]): Promise<Answer>;
  ctx(): Promise<RequestContext>;
}

export const TARGET = {
  processor: 'Intel(R) Xeon(R) Processor @ 2.80GHz',
  runtime: 'onnxruntime-node 1.30.0',
  provider: 'cpu',
  precision: 'fp32',
  threads: 1,
  batch: 16,
};

export const REGISTER = `mutation ($input: RegisterDeviceInput!) { registerDevice(input: $input) { agentToken device { id name } } }`;

export async function pairingCode(db: TestDatabase, ctx: RequestContext, poolId: string): Promise<string> {
  const { data } = await ask(
    db,
    ctx,
    'mutation ($pool: ID!) { createPairingCode(input: { poolId: $pool }) { code } }',
    { pool: poolId },
  );
  return data.createPairingCode.code;
}

/** Pairs a device and gives its agent. */
export async function pairedAgent(
  db: TestDatabase,
  ctx: RequestContext,
  poolId: string,
  {
    name = `device-${randomUUID()}`,
    target = TARGET,
    targets,
  }: { name?: string; target?: typeof TARGET; targets?: (typeof TARGET)[] } = {},
): Promise<TestAgent> {
  const code = await pairingCode(db, ctx, poolId);
  const { data } = await ask(db, db.visitor, REGISTER, {
    input: {
      pairingCode: code,
      name,
      targets: targets ?? [target],
      environment: { cores: 2 },
      agentVersion: '0.1.0',
    },
  });
  return agentWith(db, data.registerDevice.agentToken, data.registerDevice.device.id);
}

export function agentWith(db: TestDatabase, token: string, deviceId: string): TestAgent {
  const ctx = async (): Promise<RequestContext> =>
    db.contextOf(
      await authenticate(db.platform.inScope, { authorization: `Bearer ${token}`, team: undefined }),
    );
  return {
    token,
    deviceId,
    ctx,
    async lease(count = 200) {
      const { data, errors } = await ask(
        db,
        await ctx(),
        `mutation ($count: Int!) { leaseMeasurements(input: { count: $count }) { spaces { spaceVersionId document } leases {
           measurementId fencingNumber subject spaceVersionId seed target { batch threads } } } }`,
        { count },
      );
      if (errors) throw errors[0];
      const { leases, spaces } = data.leaseMeasurements;
      const spaceOf = new Map(spaces.map((each: { spaceVersionId: string }) => [each.spaceVersionId, each]));
      return leases.map((lease: TestLease) => ({
        ...lease,
        space: spaceOf.get(lease.spaceVersionId) ?? null,
      }));
    },
    report: async (reports) =>
      ask(
        db,
        await ctx(),
        'mutation ($input: ReportMeasurementsInput!) { reportMeasurements(input: $input) { results { measurementId outcome } } }',
        { input: { reports } },
      ),
    heartbeat: async (fencingNumbers = []) =>
      ask(
        db,
        await ctx(),
        'mutation ($input: HeartbeatInput!) { heartbeat(input: $input) { lostFencingNumbers device { id status activity pool { name } } } }',
        { input: { activity: 'measuring', fencingNumbers } },
      ),
  };
}

/** What a device whose blocks take exactly `table`, and kernels 10 µs, would report; every call costs `callMs` more. */
export function reportOf(lease: TestLease, table: LatencyTable, callMs = 0.02): Record<string, unknown> {
  const { subject } = lease;
  const ms =
    subject.kind === 'MODEL'
      ? 1
      : subject.kind === 'BLOCK'
        ? subject.copies * (table.layers[subject.layer]?.[subject.choice] ?? Number.NaN)
        : subject.kind === 'KERNEL'
          ? subject.copies * 0.01
          : predictLatency(table, subject.encoding) - callMs;
  const at = ms + callMs;
  return {
    measurementId: lease.measurementId,
    fencingNumber: lease.fencingNumber,
    // Slower samples beside the floor: what is kept is the floor.
    rounds: Array.from({ length: 6 }, (_, round) => [at * (1 + round / 50), at, at * 1.5]),
    referenceMs: [1, 1, 1.001, 1, 1, 1],
    sessionCreateMs: 3,
  };
}

export const outcomesOf = (answer: Answer): string[] =>
  answer.data.reportMeasurements.results.map((result: { outcome: string }) => result.outcome);

export const uuidIn = (globalId: string): string => fromGlobalId(globalId)?.uuid ?? '';
