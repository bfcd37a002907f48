import { quantile } from '@espalier/nas/stats';
import type { LoadedModel } from './device.js';

/** Follows the reference network through a campaign. */
export interface ReferenceGauge {
  /** Runs the reference and returns its time now, milliseconds. */
  read(): Promise<number>;
  /** Every reading so far, milliseconds, in order. */
  readonly readingsMs: readonly number[];
  /** How far a reading lies above the campaign's calm level so far, as a ratio; 0 at or below it. */
  moved(readingMs: number): number;
}

const RUNS = 12;

/**
 * A reading is the shortest of 12 runs. The calm level is the lower decile of the readings so far, not the least, so that one
 * lucky reading does not make all others look disturbed.
 */
export function gaugeReference(model: LoadedModel): ReferenceGauge {
  const readingsMs: number[] = [];
  return {
    readingsMs,
    read: async () => {
      const least = Math.min(...Array.from(await model.sample(RUNS)));
      readingsMs.push(least);
      return least;
    },
    moved: (readingMs) => Math.max(0, readingMs / quantile(readingsMs, 0.1) - 1),
  };
}
