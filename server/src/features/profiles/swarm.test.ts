import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createRandom } from '@espalier/nas/stats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { bearer, postTo, type Post } from '../../testing/post.js';
import { fingerprintOf } from '../devices/targets.js';
import { grantedPool, queueNetworks } from '../devices/testing/granted-pool.js';
import { pairedAgent, TARGET, uuidIn } from './testing/agents.js';

const AGENTS = 50;
const SEED = 2_026;
const LEASE = `mutation ($count: Int!) { leaseMeasurements(input: { count: $count }) { leases { measurementId fencingNumber } } }`;
const REPORT = `mutation ($input: ReportMeasurementsInput!) { reportMeasurements(input: $input) { results { measurementId outcome } } }`;
const HEARTBEAT = `mutation ($numbers: [Int!]!) { heartbeat(input: { activity: "measuring", fencingNumbers: $numbers }) { lostFencingNumbers } }`;

interface Lease {
  readonly measurementId: string;
  readonly fencingNumber: number;
}

let db: TestDatabase;
let http: FastifyInstance;
let post: Post;

beforeAll(async () => {
  db = await testDatabase();
  http = await db.app.http();
  post = postTo(`${await http.listen({ host: '127.0.0.1', port: 0 })}/graphql`);
});
afterAll(async () => {
  await http.close();
  await db.close();
});

/** Sends as one agent; every answer must be without an error. */
async function send(token: string, query: string, variables: Record<string, unknown>) {
  const { data, errors } = await post(query, variables, bearer(token));
  expect(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`)).toEqual([]);
  return data as Record<string, unknown>;
}

it('measures everything once with fifty agents that die, hang, repeat themselves and come late', async () => {
  const { owner, grantee } = await grantedPool(db, { priority: 10 });
  const poolId = uuidIn(owner.poolId);
  const fingerprint = fingerprintOf(TARGET);
  const runs = [
    await queueNetworks(db, owner, { poolId, count: 300, fingerprint }),
    await queueNetworks(db, grantee, { poolId, count: 250, fingerprint }),
  ];
  const tokens: string[] = [];
  for (let i = 0; i < AGENTS; i++)
    tokens.push((await pairedAgent(db, owner.ctx, owner.poolId, { name: `agent ${i}` })).token);

  const accepted = new Map<string, number>();
  const tally = { leased: 0, late: 0, refused: 0, repeated: 0 };
  const given = new Set<number>();
  /** Leases whose time is over: their agents are dead or late. */
  const over: number[] = [];
  let finished = false;

  const report = async (token: string, leases: readonly Lease[]): Promise<void> => {
    const reports = leases.map(({ measurementId, fencingNumber }) => ({
      measurementId,
      fencingNumber,
      rounds: [
        [1, 1.1],
        [1, 1.2],
      ],
      referenceMs: [1, 1],
    }));
    const { reportMeasurements } = (await send(token, REPORT, { input: { reports } })) as {
      reportMeasurements: { results: { measurementId: string; outcome: string }[] };
    };
    for (const { measurementId, outcome } of reportMeasurements.results)
      if (outcome === 'ACCEPTED') accepted.set(measurementId, (accepted.get(measurementId) ?? 0) + 1);
      else if (outcome === 'LEASE_LOST') tally.refused += 1;
      else tally.repeated += 1;
  };

  const life = async (token: string, at: number): Promise<void> => {
    const random = createRandom(SEED + at);
    while (!finished) {
      const { leaseMeasurements } = (await send(token, LEASE, { count: 8 })) as {
        leaseMeasurements: { leases: Lease[] };
      };
      const { leases } = leaseMeasurements;
      if (leases.length === 0) {
        await sleep(50);
        continue;
      }
      tally.leased += leases.length;
      for (const { fencingNumber } of leases) {
        expect(given.has(fencingNumber), `seed ${SEED}: lease ${fencingNumber} twice`).toBe(false);
        given.add(fencingNumber);
      }
      const fate = random.float();
      // Killed: says nothing ever again of this batch.
      if (fate < 0.1) {
        over.push(...leases.map((l) => l.fencingNumber));
        continue;
      }
      if (fate < 0.3) await send(token, HEARTBEAT, { numbers: leases.map((l) => l.fencingNumber) });
      if (fate < 0.2) {
        tally.late += 1;
        over.push(...leases.slice(0, 3).map((l) => l.fencingNumber));
        await sleep(400);
      }
      // Some in parts, some twice.
      await report(token, leases.slice(0, 5));
      if (leases.length > 5) await report(token, leases.slice(5));
      if (fate > 0.9) await report(token, leases);
    }
  };

  /** Lets the leases of the dead and the late run out, as a minute would. */
  const clock = async (): Promise<void> => {
    while (!finished) {
      await sleep(100);
      await db.sql(
        // Without waiting: locks of others are taken in an order of their own.
        `update measurements set lease_expires_at = now() where id in (
           select id from measurements where status = 'LEASED' and fencing_number = any($1) for update skip locked)`,
        [over],
      );
      const [open] = await db.sql<{ n: number }>(
        `select count(*)::int as n from profile_runs where id = any($1) and status in ('QUEUED', 'RUNNING')`,
        [runs],
      );
      finished = open?.n === 0;
    }
  };
  await Promise.all([clock(), ...tokens.map(life)]);

  // Nothing twice: no measurement's result was taken more than once, whatever happened.
  expect([...accepted.values()].every((times) => times === 1)).toBe(true);
  // Nothing lost: what was not accepted was given up after three leases that came to nothing, and says so.
  const rows = await db.sql<{ id: string; status: string; attempts: number; error: string | null }>(
    'select id, status, attempts, error from measurements where profile_run_id = any($1)',
    [runs],
  );
  expect(rows).toHaveLength(550);
  const ids = new Set([...accepted.keys()].map(uuidIn));
  for (const { id, status, attempts, error } of rows)
    expect([
      ids.has(id) ? 'DONE' : 'FAILED',
      ids.has(id) || attempts === 3,
      ids.has(id) || error !== null,
    ]).toEqual([status, true, true]);
  expect(ids.size).toBeGreaterThan(500);
  const [counted] = await db.sql<{ open: number; used: number }>(
    `select (select sum(open_count)::int from profile_runs where id = any($1)) as open,
       (select sum(measurements)::int from pool_usage where pool_id = $2) as used`,
    [runs, poolId],
  );
  expect(counted).toEqual({ open: 0, used: ids.size });
  // The misfortunes did happen.
  expect(Math.min(tally.late, tally.refused, tally.repeated)).toBeGreaterThan(0);
}, 60_000);
