import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createRandom, median, quantile } from '@espalier/nas/stats';
import type { Figure } from '../science/figure.js';
import type { BenchSystem } from './system.js';

const AGENTS = 200;
/** Measurements that wait, in ten campaigns. */
const QUEUED = 100_000;
const CAMPAIGNS = 10;
/** What an agent asks for. */
const BATCH = 64;
/** How long an agent measures a batch, milliseconds: about half of what it takes, so twice the load. */
const MEASURING_MS = 20_000;
/** Results of a batch are sent in parts, as agents do. */
const REPORTED_AT_ONCE = 25;
const RUN_MS = 40_000;
const RUNS = 3;
const LIMIT_MS = 50;
const SEED = 1;

const TARGET = {
  processor: 'Bench CPU',
  runtime: 'none',
  provider: 'cpu',
  precision: 'fp32',
  threads: 1,
  batch: 16,
};
const LEASE = `mutation ($count: Int!) { leaseMeasurements(input: { count: $count }) { spaces { spaceVersionId document } leases {
  measurementId fencingNumber spaceVersionId subject seed target { threads batch } } } }`;
const REPORT = `mutation ($input: ReportMeasurementsInput!) { reportMeasurements(input: $input) { results { outcome } } }`;
const HEARTBEAT = `mutation ($numbers: [Int!]!) { heartbeat(input: { activity: "measuring", fencingNumbers: $numbers }) { lostFencingNumbers } }`;

interface Lease {
  readonly measurementId: string;
  readonly fencingNumber: number;
}

/**
 * Two hundred agents that lease, renew and report over HTTP while a hundred thousand measurements wait: the 99th percentile
 * of a lease, and how many measurements were given out twice or lost a result, which must be none.
 */
export async function measureLeases(system: BenchSystem): Promise<Figure[]> {
  const poolId = await createPool(system);
  const tokens = await registerAgents(system, poolId);
  await queueWork(system);
  const latencies: number[] = [];
  let wrong = 0;
  for (let run = 0; run < RUNS; run++) {
    const { lease, twice, refused } = await work(system.apiUrl, tokens, run);
    latencies.push(quantile(lease, 0.99));
    wrong += twice + refused;
  }
  const value = median(latencies);
  return [
    { name: 'lease.p99', value, unit: 'ms', peer: LIMIT_MS, ratio: LIMIT_MS / value, n: RUNS },
    { name: 'lease.wrong', value: wrong, unit: 'leases', peer: 0, ratio: null, n: RUNS },
  ];
}

async function work(
  apiUrl: string,
  tokens: readonly string[],
  run: number,
): Promise<{ lease: number[]; twice: number; refused: number }> {
  const lease: number[] = [];
  const given = new Set<string>();
  const count = { twice: 0, refused: 0 };
  const end = performance.now() + RUN_MS;
  await Promise.all(
    tokens.map(async (token, at) => {
      const random = createRandom(SEED + run * AGENTS + at);
      // Agents do not start in step.
      await sleep(MEASURING_MS * random.float());
      while (performance.now() < end) {
        const start = performance.now();
        const { leaseMeasurements } = await post<{ leaseMeasurements: { leases: Lease[] } }>(
          apiUrl,
          token,
          LEASE,
          {
            count: BATCH,
          },
        );
        lease.push(performance.now() - start);
        const { leases } = leaseMeasurements;
        for (const { measurementId } of leases) {
          if (given.has(measurementId)) count.twice += 1;
          given.add(measurementId);
        }
        await sleep(MEASURING_MS * (0.4 + 0.2 * random.float()));
        await post(apiUrl, token, HEARTBEAT, { numbers: leases.map((each) => each.fencingNumber) });
        await sleep(MEASURING_MS * (0.4 + 0.2 * random.float()));
        for (let from = 0; from < leases.length; from += REPORTED_AT_ONCE) {
          const part = leases.slice(from, from + REPORTED_AT_ONCE);
          const { reportMeasurements } = await post<{
            reportMeasurements: { results: { outcome: string }[] };
          }>(apiUrl, token, REPORT, {
            input: { reports: part.map((each) => reportOf(each, () => 1 + random.float())) },
          });
          count.refused += reportMeasurements.results.filter(({ outcome }) => outcome !== 'ACCEPTED').length;
        }
      }
    }),
  );
  return { lease, ...count };
}

const reportOf = ({ measurementId, fencingNumber }: Lease, ms: () => number): Record<string, unknown> => ({
  measurementId,
  fencingNumber,
  rounds: Array.from({ length: 6 }, () => Array.from({ length: 10 }, ms)),
  referenceMs: [1, 1, 1, 1, 1, 1],
  sessionCreateMs: 3,
  deviceMs: 250,
});

async function createPool({ send }: BenchSystem): Promise<string> {
  const { createPool: made } = await send<{ createPool: { pool: { id: string } } }>(
    'mutation ($key: UUID!) { createPool(input: { idempotencyKey: $key, name: "bench" }) { pool { id } } }',
    { key: randomUUID() },
  );
  return made.pool.id;
}

async function registerAgents({ apiUrl, send }: BenchSystem, poolId: string): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < AGENTS; i++) {
    const { createPairingCode } = await send<{ createPairingCode: { code: string } }>(
      'mutation ($poolId: ID!) { createPairingCode(input: { poolId: $poolId }) { code } }',
      { poolId },
    );
    const { registerDevice } = await post<{ registerDevice: { agentToken: string } }>(
      apiUrl,
      null,
      'mutation ($input: RegisterDeviceInput!) { registerDevice(input: $input) { agentToken } }',
      {
        input: {
          pairingCode: createPairingCode.code,
          name: `bench ${i}`,
          targets: [TARGET],
          environment: {},
          agentVersion: 'bench',
        },
      },
    );
    tokens.push(registerDevice.agentToken);
  }
  return tokens;
}

/** Puts the campaigns straight into the tables, as the team whose they are: planning them is not what is measured. */
async function queueWork({ databaseUrl }: BenchSystem): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`select set_config('app.named_team', 'demo', false)`);
    const { rows } = await client.query<{ id: string }>(`select id from teams where slug = 'demo'`);
    const team = rows[0]?.id;
    await client.query(`select set_config('app.team_id', $1, false)`, [team]);
    for (let campaign = 0; campaign < CAMPAIGNS; campaign++)
      await client.query(
        `with run as (
           insert into profile_runs (team_id, kind, method, space_version_id, pool_id, target_id, target_fingerprint, seed,
             measurement_count, open_count)
           select $1, 'PROFILE', 'ISOLATED', v.id, p.id, t.id, t.fingerprint, 0, $2, $2
           from search_spaces s join space_versions v on v.space_id = s.id, pools p, hardware_targets t
           where s.name = 'fashion-mobile' and v.parent_id is null and p.name = 'bench' and t.processor = 'Bench CPU'
           limit 1 returning id, pool_id)
         insert into measurements (team_id, profile_run_id, pool_id, ordinal, subject, purpose)
         select $1, run.id, run.pool_id, n, '{"kind": "NETWORK", "encoding": [0, 0, 0]}', 'ARCHITECTURE'
         from run, generate_series(0, $2 - 1) n`,
        [team, QUEUED / CAMPAIGNS],
      );
  } finally {
    await client.end();
  }
}

async function post<T>(
  apiUrl: string,
  token: string | null,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const response = await fetch(`${apiUrl}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] };
  if (errors?.[0]) throw new Error(errors[0].message);
  return data;
}
