import { additiveLatency } from '@espalier/nas/search';
import { encodingAt, spaceSize, type SearchSpace } from '@espalier/nas/space';
import type { AccuracyLookup } from './evaluator.js';

/** Accuracy (in the task's unit) and predicted latency (milliseconds) of architectures by their index. */
export interface Objectives {
  readonly accuracyOf: AccuracyLookup;
  readonly latencyOf: (index: number) => number;
  /** Error (100 − accuracy) and latency as columns, in the order given. */
  readonly ofTrials: (indices: Uint32Array) => { error: Float64Array; latencyMs: Float64Array };
}

interface Sources {
  readonly space: SearchSpace;
  readonly blockLatencyMs: readonly (readonly number[])[];
  readonly fixedMs: number;
  readonly accuracyOf: AccuracyLookup;
}

/** Largest space whose latencies are summed all at once, networks. */
const TABULATED = 1_000_000n;

export function objectivesBy({ space, blockLatencyMs, fixedMs, accuracyOf }: Sources): Objectives {
  const latencyOf =
    spaceSize(space) <= TABULATED
      ? lookUp(additiveLatency(space, blockLatencyMs, fixedMs))
      : (index: number): number =>
          encodingAt(space, index).reduce(
            (sum, choice, layer) => sum + (blockLatencyMs[layer]?.[choice] ?? Number.NaN),
            fixedMs,
          );
  return {
    accuracyOf,
    latencyOf,
    ofTrials: (indices) => ({
      error: Float64Array.from(indices, (index) => 100 - accuracyOf(index)),
      latencyMs: Float64Array.from(indices, latencyOf),
    }),
  };
}

const lookUp =
  (table: Float64Array) =>
  (index: number): number =>
    table[index] ?? Number.NaN;
