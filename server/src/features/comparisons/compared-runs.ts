import { setImmediate as nextTick } from 'node:timers/promises';
import { nonDominated2d } from '@espalier/nas/pareto';
import type { Transaction } from '../../platform/database/tenancy.js';
import type { SearchRunRow } from '../searches/entities.js';
import {
  architecturesOf,
  frontierOf,
  type Architecture,
  type ArchitectureList,
  type Objectives,
} from '../searches/index.js';
import { evaluationsWithin, type PaidBefore } from './paid-before.js';

/** A network as every run of a comparison is judged by. */
export interface Judged {
  readonly architecture: Architecture;
  readonly accuracy: number;
  readonly latencyMs: number;
}

/** A run as a comparison sees it: objectives of its trials in the order of evaluation, first what it began with. */
export interface ComparedRun {
  readonly id: string;
  /** Percent. */
  readonly error: Float64Array;
  readonly latencyMs: Float64Array;
  /** Of all its trials, fastest first. */
  readonly front: readonly Judged[];
}

/** Architectures read at once. */
const MOST_AT_ONCE = 250_000;

/**
 * The runs by id. Encodings are read some runs at a time and dropped but for those of the fronts, so that ten million trials
 * take 160 MB and not a gigabyte.
 */
export async function comparedRuns(
  tx: Transaction,
  runs: readonly SearchRunRow[],
  before: PaidBefore,
  objectives: Objectives,
): Promise<Map<string, ComparedRun>> {
  const compared = new Map<string, ComparedRun>();
  for (const batch of batches(runs, before)) {
    const architectures = await architecturesOf(
      tx,
      batch.flatMap(({ id }) => [id, ...(before.get(id) ?? []).map(({ runId }) => runId)]),
    );
    for (const { id } of batch) {
      const earlier = (before.get(id) ?? []).map(({ runId, evaluations }) =>
        firstOf(architectures.get(runId) ?? NONE, evaluations),
      );
      const all = joined([...earlier, architectures.get(id) ?? NONE]);
      compared.set(id, await comparedRun(id, all, objectives));
    }
  }
  return compared;
}

const NONE: ArchitectureList = { positions: 0, bytes: new Uint8Array() };

const firstOf = ({ positions, bytes }: ArchitectureList, count: number): ArchitectureList => ({
  positions,
  bytes: bytes.subarray(0, count * positions),
});

/** One list after the other; as it is where there is only one. */
function joined(lists: readonly ArchitectureList[]): ArchitectureList {
  const [only] = lists;
  if (only && lists.length === 1) return only;
  return {
    positions: Math.max(0, ...lists.map(({ positions }) => positions)),
    bytes: Buffer.concat(lists.map(({ bytes }) => bytes)),
  };
}

async function comparedRun(
  id: string,
  architectures: ArchitectureList,
  objectives: Objectives,
): Promise<ComparedRun> {
  const columns = await columnsOf(architectures, objectives);
  return { id, ...columns, front: frontOfColumns(architectures, columns) };
}

/** Networks looked up between two looks at the event loop. */
const STRETCH = 20_000;

/** Error and latency of every network of a list, in its order. */
export async function columnsOf(
  { positions, bytes }: ArchitectureList,
  objectives: Objectives,
): Promise<Pick<ComparedRun, 'error' | 'latencyMs'>> {
  const count = positions === 0 ? 0 : bytes.length / positions;
  const [error, latencyMs] = [new Float64Array(count), new Float64Array(count)];
  for (let at = 0; at < count; at += STRETCH) {
    const some = bytes.subarray(at * positions, (at + STRETCH) * positions);
    const known = objectives.ofTrials({ positions, bytes: some });
    error.set(known.error, at);
    latencyMs.set(known.latencyMs, at);
    await nextTick();
  }
  return { error, latencyMs };
}

/** The non-dominated networks of a list, whose objectives stand in columns; copies, so that the list can go. */
export function frontOfColumns(
  { positions, bytes }: ArchitectureList,
  { error, latencyMs }: Pick<ComparedRun, 'error' | 'latencyMs'>,
): Judged[] {
  return frontierOf(
    Array.from(nonDominated2d(error, latencyMs), (i) => ({
      // Not `slice`, which of a Buffer is a view.
      architecture: Uint8Array.from(bytes.subarray(i * positions, (i + 1) * positions)),
      accuracy: 100 - (error[i] ?? NaN),
      latencyMs: latencyMs[i] ?? NaN,
    })),
  );
}

function* batches(runs: readonly SearchRunRow[], before: PaidBefore): Generator<readonly SearchRunRow[]> {
  let batch: SearchRunRow[] = [];
  let evaluations = 0;
  for (const run of runs) {
    const of = evaluationsWithin(before, run);
    if (batch.length > 0 && evaluations + of > MOST_AT_ONCE) {
      yield batch;
      [batch, evaluations] = [[], 0];
    }
    batch.push(run);
    evaluations += of;
  }
  if (batch.length > 0) yield batch;
}
