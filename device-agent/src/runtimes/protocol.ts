import type { Interference } from '../measuring/device.js';

/** What the measuring process asks of the process that holds the runtime. One at a time. */
export type RuntimeRequest =
  | { readonly ask: 'LOAD'; readonly model: number; readonly bytes: Uint8Array; readonly wholly: boolean }
  | { readonly ask: 'SAMPLE'; readonly model: number; readonly runs: number }
  | { readonly ask: 'RELEASE'; readonly model: number };

export interface Loaded {
  /** Wall time, milliseconds. */
  readonly createMs: number;
  /** Most memory that the process had while loading, bytes; what it has after where the system does not tell. */
  readonly peakBytes: number;
}

export interface Sampled {
  /** Wall time of each run, milliseconds. */
  readonly samples: Float64Array;
  readonly interference: Interference | null;
}

export type RuntimeAnswer = {
  /** Processor time of the process since its start, milliseconds. */
  readonly busyMs: number;
  readonly memoryBytes: number;
} & (
  | { readonly value: Loaded | Sampled | null }
  /** The runtime refused. */
  | { readonly error: string }
);
