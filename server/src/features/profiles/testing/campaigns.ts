import { randomUUID } from 'node:crypto';
import { fashionMobile, positionsOf } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import type { RequestContext } from '../../../graphql/context.js';
import { ask } from '../../../platform/testing/ask.js';
import type { TestDatabase } from '../../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../../testing/fashion.js';
import { concludeProfile } from '../conclude.js';
import { pairedAgent, uuidIn, type TestAgent, type TestLease } from './agents.js';

/** Seed of the pretended device's latencies. */
export const SEED = 4_711;

/** What its blocks take, milliseconds: a known truth that a profile must find. */
export const truth = (() => {
  const random = createRandom(SEED);
  return {
    layers: positionsOf(fashionMobile).map(({ choices }) => choices.map(() => 0.05 + random.float())),
    fixedMs: 0.4,
  };
})();

export const NETWORKS = [
  [0, 0, 0],
  [1, 2, 3],
];

/** Stands where a lease is missing, so that the assertion after it fails and nothing before it. */
export const NO_LEASE: TestLease = {
  measurementId: '',
  fencingNumber: 0,
  subject: { kind: 'MODEL', modelId: '', contentHash: '' },
  spaceVersionId: null,
  space: null,
  seed: 0,
};

/** A team with a space, an agent, and ways to start and read campaigns. */
export interface MeasuringTeam {
  readonly team: FashionTeam;
  readonly agent: TestAgent;
  /** A context of a request of its own. */
  fresh(): RequestContext;
  startProfile(): Promise<string>;
  /** A short campaign: whole networks, measured for a profile that is there. */
  startSmall(encodings: number[][]): Promise<string>;
  // Tests read what RUN asks for; a wrong path fails the test as undefined does.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readRun(id: string): Promise<any>;
  leaseOne(): Promise<TestLease>;
  /** Does what a worker does with the campaigns that are measured. */
  conclude(): Promise<void>;
}

const RUN = `query ($id: ID!) { node(id: $id) { ... on ProfileRun {
  status error measurementCount doneCount failedCount unstableCount startedAt endedAt
  deviceProfile { id latencyMs isolatedMs fixedMs estimator quality { heldOutCount additivityMape kendallTau repeatabilitySpearman referenceDrift unstableCount } }
  measurements(first: 100) { nodes { id subject status floorMs floorIntervalMs medianMs sampleCount unstableReason error rounds device { id } } } } } }`;

/** Concludes every campaign that waits for it, as the workers' queue does. */
export async function concludeAll(db: TestDatabase): Promise<void> {
  const waiting = await db.sql<{ runId: string; teamId: string }>(
    'select id as "runId", team_id as "teamId" from profile_runs where concluding_at is not null',
  );
  for (const job of waiting) await concludeProfile(db.platform, job);
}

export async function measuringTeam(db: TestDatabase): Promise<MeasuringTeam> {
  const team = await fashionTeam(db);
  const agent = await pairedAgent(db, team.ctx, team.poolId);
  await db.sql(
    'update device_profiles set target_id = (select target_id from device_targets where device_id = $1) where id = $2',
    [uuidIn(agent.deviceId), uuidIn(team.profileId)],
  );
  const fresh = (): RequestContext => db.contextOf(team.ctx.principal);
  const read = async (source: string, variables: Record<string, unknown>) => {
    const { data, errors } = await ask(db, fresh(), source, variables);
    if (errors?.[0]) throw errors[0];
    return data;
  };
  return {
    team,
    agent,
    fresh,
    async startProfile() {
      const data = await read(
        'mutation ($input: StartProfileInput!) { startProfile(input: $input) { profileRun { id } } }',
        { input: { idempotencyKey: randomUUID(), spaceVersionId: team.versionId, poolId: team.poolId } },
      );
      return data.startProfile.profileRun.id;
    },
    async startSmall(encodings) {
      const data = await read(
        'mutation ($input: MeasureArchitecturesInput!) { measureArchitectures(input: $input) { profileRun { id } } }',
        {
          input: {
            idempotencyKey: randomUUID(),
            deviceProfileId: team.profileId,
            poolId: team.poolId,
            encodings,
          },
        },
      );
      return data.measureArchitectures.profileRun.id;
    },
    readRun: async (id) => (await read(RUN, { id })).node,
    conclude: () => concludeAll(db),
    leaseOne: async () => (await agent.lease(1))[0] ?? NO_LEASE,
  };
}
