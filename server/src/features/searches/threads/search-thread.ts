import { parentPort } from 'node:worker_threads';
import { parseSpaceDocument } from '@espalier/nas/format';
import { predictLatency } from '@espalier/nas/profile';
import type { Sampler } from '@espalier/nas/search';
import { TableFile } from '../../accuracy/tables/table-file.js';
import { lookedUpSlice, type Judge } from '../looked-up-slice.js';
import { isPermanent } from '../permanent.js';
import { limitsIn } from '../run-limits.js';
import { samplerOf } from '../sampler-of.js';
import type { Begun, FromThread, SearchedColumns, ToThread } from './messages.js';

// A thread of the worker that searches tables: several runs in turn, a slice each time it is asked.

interface Held {
  readonly sampler: Sampler;
  readonly judge: Judge;
  readonly table: TableFile;
  readonly budget: number;
}

/** Runs by their key; one that could not begin is its failure, which its first slice then is told. */
const runs = new Map<number, Held | { readonly failure: unknown }>();

parentPort?.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'BEGIN':
      runs.set(message.key, begin(message.begun));
      return;
    case 'END':
      runs.delete(message.key);
      return;
    case 'SEARCH':
      void answer(message);
  }
});

function begin({
  run,
  document,
  latencyTable,
  known,
  buildable,
  ratio,
  checkpoint,
  table,
}: Begun): Held | { failure: unknown } {
  try {
    const parsed = parseSpaceDocument(document);
    const limits = limitsIn(run.limits, { latencyTable }, buildable);
    const sampler = samplerOf({ run, parsed, profile: { latencyTable }, known, limits, ratio }, checkpoint);
    const judge: Judge = { limits, latencyOf: (encoding) => predictLatency(latencyTable, encoding) };
    return { sampler, judge, table: new TableFile(table), budget: run.budget };
  } catch (failure) {
    return { failure };
  }
}

async function answer({ key, call, done, size }: Extract<ToThread, { kind: 'SEARCH' }>): Promise<void> {
  try {
    const held = runs.get(key);
    if (held === undefined) throw new Error('The run has ended here.');
    if ('failure' in held) throw held.failure;
    const columns = await searched(held, done, size);
    const { architectures, accuracy, latencyMs, withinLimits, checkpoint } = columns;
    const buffers = [architectures, accuracy, latencyMs, withinLimits, checkpoint].map(
      ({ buffer }) => buffer as ArrayBuffer,
    );
    post({ call, columns }, buffers);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    post({ call, failure, isPermanent: isPermanent(error) });
  }
}

async function searched(
  { sampler, judge, table, budget }: Held,
  done: number,
  size: number,
): Promise<SearchedColumns> {
  const accuracyOf = (architecture: ArrayLike<number>): number | null => {
    const row = table.rowOf(architecture);
    return row < 0 ? null : table.accuracyAt(row);
  };
  const trials = await lookedUpSlice(sampler, judge, accuracyOf, done, Math.min(size, budget - done));
  const positions = table.shape.positions;
  const architectures = new Uint8Array(trials.length * positions);
  trials.forEach(({ architecture }, at) => architectures.set(architecture, at * positions));
  return {
    architectures,
    accuracy: Float64Array.from(trials, ({ accuracy }) => accuracy),
    latencyMs: Float64Array.from(trials, (trial) => trial.latencyMs),
    withinLimits: Uint8Array.from(trials, (trial) => Number(trial.withinLimits)),
    checkpoint: sampler.save().slice(),
  };
}

function post(message: FromThread, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
