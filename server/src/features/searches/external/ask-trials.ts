import {
  encodingKey,
  positionsOf,
  parseEncodingKey,
  type Encoding,
  type SearchSpace,
} from '@espalier/nas/space';
import type { RequestContext } from '../../../graphql/context.js';
import type { AskTrialsInput, LeasedTrial } from '../../../graphql/generated/resolvers.js';
import { checkedInteger } from '../../../graphql/input-checks.js';
import { toGlobalId, uuidOf } from '../../../graphql/node-ids.js';
import { authorise } from '../../../platform/authorise.js';
import type { Transaction } from '../../../platform/database/tenancy.js';
import { idempotent } from '../../../platform/idempotency.js';
import type { Platform } from '../../../platform/platform.js';
import { parsedSpace } from '../../spaces/parsed-space.js';
import { SearchRunEntity, type SearchRunRow } from '../entities.js';
import { subjectsOf } from '../run-subjects.js';
import { failIfHopeless, failRun, holdRun, isOpen, progressOf, searchOf, type Search } from './held-run.js';

/** Most trials that one request asks for, tells or renews. */
export const MOST_TRIALS = 100;
export const SHORTEST_LEASE_SECONDS = 10;
export const LONGEST_LEASE_SECONDS = 7 * 24 * 3600;

/** How often an architecture is leased before it is given up: one that kills its trainer must not hold up the rest. */
const MOST_ATTEMPTS = 5;
/** How often the sampler is asked for what is missing: proposals that are known, open or failed lease nothing. */
const MOST_ROUNDS = 500;
const RETRY_AFTER_SECONDS = 5;

export interface Asked {
  readonly trials: LeasedTrial[];
  readonly searchRun: SearchRunRow;
  readonly retryAfterSeconds: number | null;
}

/**
 * Leases up to `count` architectures: first those whose lease ran out, then new ones of the sampler. An architecture that
 * the run knows, from its own trials or those of the run that it begins with, is answered from them and counts as an
 * evaluation, as it does in every search; one that is open or failed is passed over. Evaluations and open leases together never exceed the budget.
 */
export async function askTrials(
  platform: Platform,
  ctx: RequestContext,
  { idempotencyKey, searchRunId, count: wanted = 1, leaseSeconds: lifetime = 3600 }: AskTrialsInput,
): Promise<Asked> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const runId = uuidOf('SearchRun', searchRunId, 'input.searchRunId');
  const count = checkedInteger('input.count', wanted, 1, MOST_TRIALS);
  const leaseSeconds = checkedInteger(
    'input.leaseSeconds',
    lifetime,
    SHORTEST_LEASE_SECONDS,
    LONGEST_LEASE_SECONDS,
  );
  const asked = await ctx.read(async (tx) => {
    const before = await holdRun(tx, teamId, runId);
    const lease = async (): Promise<Lease[]> =>
      isOpen(before) ? leaseTrials(platform, tx, before, count, leaseSeconds) : [];
    const input = { searchRunId, count, leaseSeconds };
    const leases = idempotencyKey
      ? (await idempotent(tx, { teamId, operation: 'askTrials', key: idempotencyKey, input }, lease)).result
      : await lease();
    const run = await tx.getRepository(SearchRunEntity).findOneByOrFail({ id: runId });
    const { version } = await subjectsOf(tx, run);
    return { before, leases, run, space: parsedSpace(version).space };
  });
  const { before, leases, run, space } = asked;
  if (before.status !== run.status || before.evaluations !== run.evaluations)
    await platform.events.publish(progressOf(run));
  return {
    trials: leases.map((lease) => leased(space, lease)),
    searchRun: run,
    retryAfterSeconds: !isOpen(run) ? null : leases.length > 0 ? 0 : RETRY_AFTER_SECONDS,
  };
}

/** A type and not an interface: JSON values have an index signature, which interfaces lack. */
type Lease = {
  readonly id: string;
  readonly encoding: string;
  readonly fence: number;
  readonly expiresAt: string;
  readonly latencyMs: number;
};

async function leaseTrials(
  { blobs }: Platform,
  tx: Transaction,
  run: SearchRunRow,
  count: number,
  leaseSeconds: number,
): Promise<Lease[]> {
  await giveUpExhausted(tx, run.id);
  const hopeful = await failIfHopeless(tx, run);
  if (!isOpen(hopeful)) return [];
  const again = await leaseAgain(tx, run, count, leaseSeconds);
  if (again.length === count) return again;
  const search = await searchOf(blobs, tx, run);
  const fresh = await leaseNew(tx, run, search, count - again.length, leaseSeconds);
  const after = await search.store();
  const hasStalled = again.length + fresh.length === 0 && after.evaluations === run.evaluations;
  if (hasStalled && isOpen(after) && (await leasedCount(tx, run.id)) === 0)
    await failRun(tx, run.id, 'Every architecture that the sampler proposes could not be evaluated.');
  return [...again, ...fresh];
}

async function giveUpExhausted(tx: Transaction, runId: string): Promise<void> {
  await tx.query(
    `update asked_trials set status = 'FAILED', settled_at = now(), lease_expires_at = null,
       failure = 'No result came within the lease, ' || attempts || ' times.'
     where search_run_id = $1 and status = 'LEASED' and lease_expires_at <= now() and attempts >= ${MOST_ATTEMPTS}`,
    [runId],
  );
}

const RETURNED = `id, ordinal, encoding, fence, lease_expires_at as "expiresAt", latency_ms as "latencyMs"`;

interface LeasedRow extends Omit<Lease, 'expiresAt'> {
  readonly ordinal: number;
  readonly expiresAt: Date;
}

/** What others let run out, and what failed before the run was resumed. The latter needs room in the budget. */
async function leaseAgain(
  tx: Transaction,
  run: SearchRunRow,
  count: number,
  leaseSeconds: number,
): Promise<Lease[]> {
  const room = run.budget - run.evaluations - (await leasedCount(tx, run.id));
  const [rows] = await tx.query<[LeasedRow[], number]>(
    `with waiting as (
       (select id from asked_trials
        where search_run_id = $1 and status = 'LEASED' and lease_expires_at <= now() order by ordinal limit $2)
       union all
       (select id from asked_trials where search_run_id = $1 and status = 'WAITING' order by ordinal limit $3)
       limit $2)
     update asked_trials set status = 'LEASED', fence = fence + 1, attempts = attempts + 1, settled_at = null,
       lease_expires_at = now() + make_interval(secs => $4)
     where id in (select id from waiting) returning ${RETURNED}`,
    [run.id, count, Math.min(room, count), leaseSeconds],
  );
  return rows.sort((a, b) => a.ordinal - b.ordinal).map(toLease);
}

async function leaseNew(
  tx: Transaction,
  run: SearchRunRow,
  search: Search,
  count: number,
  leaseSeconds: number,
): Promise<Lease[]> {
  const leased = await leasedCount(tx, run.id);
  const fresh = new Map<string, Encoding>();
  const before = (encoding: Encoding): { accuracy: number } | null => {
    const accuracy = search.accuracyBefore(encoding);
    return accuracy === null ? null : { accuracy };
  };
  const room = (): number => run.budget - search.evaluations() - leased - fresh.size;
  for (let round = 0; round < MOST_ROUNDS && fresh.size < count && room() > 0; round++) {
    const proposals = Array.from({ length: Math.min(count - fresh.size, room()) }, () => search.ask());
    const known = await knownTrials(tx, run.id, proposals.map(encodingKey));
    for (const encoding of proposals) {
      const key = encodingKey(encoding);
      const trial = known.get(key) ?? before(encoding);
      if (!trial) fresh.set(key, encoding);
      else if (trial.accuracy !== null) search.learn(encoding, trial.accuracy);
    }
  }
  const [last] = await tx.query<{ ordinal: number }[]>(
    'select coalesce(max(ordinal), 0) as ordinal from asked_trials where search_run_id = $1',
    [run.id],
  );
  const rows = await tx.query<LeasedRow[]>(
    `insert into asked_trials (team_id, search_run_id, status, fence, attempts, lease_expires_at, ordinal, encoding, latency_ms)
     select $1, $2, 'LEASED', 1, 1, now() + make_interval(secs => $3), $4::int + at, encoding, latency_ms
     from unnest($5::text[], $6::float8[]) with ordinality as asked (encoding, latency_ms, at) returning ${RETURNED}`,
    [
      run.teamId,
      run.id,
      leaseSeconds,
      last?.ordinal ?? 0,
      [...fresh.keys()],
      [...fresh.values()].map((encoding) => search.latencyOf(encoding)),
    ],
  );
  return rows.map(toLease);
}

async function leasedCount(tx: Transaction, runId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }[]>(
    `select count(*)::int as count from asked_trials where search_run_id = $1 and status = 'LEASED'`,
    [runId],
  );
  return row?.count ?? 0;
}

async function knownTrials(
  tx: Transaction,
  runId: string,
  keys: readonly string[],
): Promise<Map<string, { accuracy: number | null }>> {
  const rows = await tx.query<{ encoding: string; accuracy: number | null }[]>(
    'select encoding, accuracy from asked_trials where search_run_id = $1 and encoding = any($2)',
    [runId, keys],
  );
  return new Map(rows.map(({ encoding, accuracy }) => [encoding, { accuracy }]));
}

const toLease = ({ id, encoding, fence, expiresAt, latencyMs }: LeasedRow): Lease => ({
  id,
  encoding,
  fence,
  expiresAt: expiresAt.toISOString(),
  latencyMs,
});

function leased(space: SearchSpace, lease: Lease): LeasedTrial {
  const encoding = parseEncodingKey(space, lease.encoding);
  return {
    trialId: toGlobalId('AskedTrial', lease.id),
    fence: lease.fence,
    expiresAt: lease.expiresAt,
    encoding: [...encoding],
    choices: positionsOf(space).flatMap(({ name, choices }, at) => {
      const chosen = choices[encoding[at] ?? -1];
      return chosen ? [{ layer: name, choice: chosen.name, label: chosen.label }] : [];
    }),
    latencyMs: lease.latencyMs,
  };
}
