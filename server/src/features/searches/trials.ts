import { nonDominated2d } from '@espalier/nas/pareto';
import type { Transaction } from '../../platform/database/tenancy.js';
import type { AccuracyLookup } from '../accuracy/index.js';
import { architectureKey, type Architecture, type ArchitectureList } from './architectures.js';
import type { SearchRunRow, TrialRow } from './entities.js';

/** Appends to a run's trials. */
export async function insertTrials(
  tx: Transaction,
  run: Pick<SearchRunRow, 'id' | 'teamId'>,
  trials: readonly TrialRow[],
): Promise<void> {
  await tx.query(
    // One value for all architectures: an array of byte strings costs more to write out and to read than all the rest.
    `insert into trials (team_id, search_run_id, ordinal, architecture, accuracy, latency_ms, within_limits)
     select $1, $2, ordinal, substring($4::bytea from (at::int - 1) * $7 + 1 for $7), accuracy, latency, is_within
     from unnest($3::int[], $5::float8[], $6::float8[], $8::bool[]) with ordinality
       as trial (ordinal, accuracy, latency, is_within, at)`,
    [
      run.teamId,
      run.id,
      trials.map((t) => t.ordinal),
      Buffer.concat(trials.map((t) => t.architecture)),
      trials.map((t) => t.accuracy),
      trials.map((t) => t.latencyMs),
      trials[0]?.architecture.length ?? 0,
      trials.map((t) => t.withinLimits),
    ],
  );
}

interface Judged {
  readonly architecture: Architecture;
  readonly accuracy: number;
  readonly latencyMs: number;
}

/** The non-dominated ones, an architecture once (the first given), fastest first. */
export function frontierOf<T extends Judged>(trials: readonly T[]): T[] {
  const front = nonDominated2d(
    Float64Array.from(trials, (t) => 100 - t.accuracy),
    Float64Array.from(trials, (t) => t.latencyMs),
  );
  const distinct = new Map<string, T>();
  for (const i of front) {
    const trial = trials[i];
    if (!trial) continue;
    const key = architectureKey(trial.architecture);
    if (!distinct.has(key)) distinct.set(key, trial);
  }
  return [...distinct.values()].sort((a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy);
}

/**
 * Each run's frontier, fastest first: of what keeps the run's limits. The database drops what a faster and more accurate trial dominates, so that a run
 * of a million trials sends no more than a few dozen.
 */
export async function frontiersOf(
  tx: Transaction,
  runIds: readonly string[],
): Promise<Map<string, TrialRow[]>> {
  const rows = await tx.query<
    { run: string; ordinal: number; architecture: Buffer; accuracy: number; latency_ms: number }[]
  >(
    `select run, ordinal, architecture, accuracy, latency_ms from (
       select *, max(accuracy) over (partition by run order by latency_ms, accuracy desc
         rows between unbounded preceding and 1 preceding) as best
       from (
         select search_run_id as run, min(ordinal) as ordinal, architecture, min(accuracy) as accuracy,
           min(latency_ms) as latency_ms
         from trials where search_run_id = any($1) and within_limits group by search_run_id, architecture) as evaluated) as ranked
     where best is null or accuracy >= best`,
    [runIds],
  );
  const trials = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const known = trials.get(row.run) ?? [];
    trials.set(row.run, known);
    known.push({
      ordinal: row.ordinal,
      architecture: row.architecture,
      accuracy: row.accuracy,
      latencyMs: row.latency_ms,
      withinLimits: true,
    });
  }
  return new Map([...trials].map(([run, of]) => [run, frontierOf(of)]));
}

/** How many evaluations of each run keep its limits. */
export async function countsWithinLimits(
  tx: Transaction,
  runIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ run: string; count: number }[]>(
    `select search_run_id as run, count(*)::int as count from trials
     where search_run_id = any($1) and within_limits group by search_run_id`,
    [runIds],
  );
  return new Map(rows.map(({ run, count }) => [run, count]));
}

export interface PackedColumns {
  readonly count: number;
  readonly architectures: string;
  readonly accuracy: string;
  readonly latencyMs: string;
}

/**
 * Columns of many rows as base64: Float32, little-endian, and a byte a position for architectures. `rows` is SQL that gives `architecture`,
 * `accuracy`, `latency_ms` and their place as `at`. PostgreSQL packs them, so that no row becomes an object here.
 */
export async function packedColumns(
  tx: Transaction,
  rows: string,
  parameters: readonly unknown[],
): Promise<PackedColumns> {
  const [packed] = await tx.query<
    { count: number; architectures: Buffer | null; accuracies: Buffer | null; latencies: Buffer | null }[]
  >(
    `select count(*)::int as count,
       string_agg(architecture, ''::bytea order by at) as architectures,
       string_agg(float4send(accuracy::real), ''::bytea order by at) as accuracies,
       string_agg(float4send(latency_ms::real), ''::bytea order by at) as latencies
     from (${rows}) as packed`,
    [...parameters],
  );
  // PostgreSQL sends the most significant byte first.
  const littleEndian = (bytes: Buffer | null | undefined): string =>
    bytes ? bytes.swap32().toString('base64') : '';
  return {
    count: packed?.count ?? 0,
    architectures: packed?.architectures?.toString('base64') ?? '',
    accuracy: littleEndian(packed?.accuracies),
    latencyMs: littleEndian(packed?.latencies),
  };
}

/** Every trial of a run in order of evaluation. */
export const trialColumnsOf = (tx: Transaction, runId: string): Promise<PackedColumns> =>
  packedColumns(
    tx,
    'select ordinal as at, architecture, accuracy, latency_ms from trials where search_run_id = $1',
    [runId],
  );

/** Architectures of each run in order of evaluation. */
export async function architecturesOf(
  tx: Transaction,
  runIds: readonly string[],
): Promise<Map<string, ArchitectureList>> {
  const rows = await tx.query<{ run: string; architectures: Buffer; positions: number }[]>(
    `select search_run_id as run,
       string_agg(architecture, ''::bytea order by ordinal) as architectures,
       max(octet_length(architecture)) as positions
     from trials where search_run_id = any($1) group by search_run_id`,
    [runIds],
  );
  return new Map(rows.map(({ run, architectures, positions }) => [run, { positions, bytes: architectures }]));
}

/** Accuracies of all that the runs evaluated, by architecture: of what they disagree about, as trainers may, the mean. */
export async function accuraciesOf(tx: Transaction, runIds: readonly string[]): Promise<AccuracyLookup> {
  const rows = await tx.query<{ architecture: Buffer; accuracy: number }[]>(
    `select architecture, avg(accuracy) as accuracy from trials where search_run_id = any($1) group by architecture`,
    [runIds],
  );
  const known = new Map(rows.map(({ architecture, accuracy }) => [architectureKey(architecture), accuracy]));
  return (architecture) => {
    const accuracy = known.get(architectureKey(Uint8Array.from(architecture)));
    if (accuracy === undefined)
      throw new RangeError(`No run evaluated the architecture ${Array.from(architecture).join('.')}.`);
    return accuracy;
  };
}
