import { nonDominated2d } from '@espalier/nas/pareto';
import type { Transaction } from '../../platform/database/tenancy.js';
import type { TrialRow } from './entities.js';

/** Every trial of a run in order of evaluation. */
export async function trialsOf(tx: Transaction, runId: string): Promise<TrialRow[]> {
  const rows = await tx.query<
    { ordinal: number; architecture_index: string; accuracy: number; latency_ms: number }[]
  >(
    'select ordinal, architecture_index, accuracy, latency_ms from trials where search_run_id = $1 order by ordinal',
    [runId],
  );
  return rows.map((row) => ({
    ordinal: row.ordinal,
    architectureIndex: Number(row.architecture_index),
    accuracy: row.accuracy,
    latencyMs: row.latency_ms,
  }));
}

interface Judged {
  readonly architectureIndex: number;
  readonly accuracy: number;
  readonly latencyMs: number;
}

/** The non-dominated ones, an architecture once, fastest first. */
export function frontierOf<T extends Judged>(trials: readonly T[]): T[] {
  const front = nonDominated2d(
    Float64Array.from(trials, (t) => 100 - t.accuracy),
    Float64Array.from(trials, (t) => t.latencyMs),
  );
  const distinct = new Map<number, T>();
  for (const i of front) {
    const trial = trials[i];
    if (trial && !distinct.has(trial.architectureIndex)) distinct.set(trial.architectureIndex, trial);
  }
  return [...distinct.values()].sort((a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy);
}

export interface PackedColumns {
  readonly count: number;
  readonly architectureIndex: string;
  readonly accuracy: string;
  readonly latencyMs: string;
}

/** Columns as little-endian bytes, base64: Uint32 and Float32. */
export function packColumns(trials: readonly Judged[]): PackedColumns {
  const index = Buffer.alloc(trials.length * 4);
  const accuracy = Buffer.alloc(trials.length * 4);
  const latency = Buffer.alloc(trials.length * 4);
  trials.forEach((trial, i) => {
    index.writeUInt32LE(trial.architectureIndex, i * 4);
    accuracy.writeFloatLE(trial.accuracy, i * 4);
    latency.writeFloatLE(trial.latencyMs, i * 4);
  });
  return {
    count: trials.length,
    architectureIndex: index.toString('base64'),
    accuracy: accuracy.toString('base64'),
    latencyMs: latency.toString('base64'),
  };
}
