import { median } from '@espalier/nas/stats';
import type { LoadedModel } from './device.js';

export interface WarmUpLimits {
  /** Wall time after which warming up ends whatever the readings say, milliseconds. */
  readonly maxMs: number;
}

const WINDOW = 5;
const STEADY_RATIO = 0.01;

/**
 * Runs until the medians of two successive windows of 5 runs differ by less than 1 %, or the time is up; at least 5 runs.
 * Returns the last window's median, milliseconds.
 */
export async function warmUp(model: LoadedModel, { maxMs }: WarmUpLimits): Promise<number> {
  let spentMs = 0;
  let previous = NaN;
  for (;;) {
    const window = Array.from(await model.sample(WINDOW));
    spentMs += window.reduce((sum, ms) => sum + ms, 0);
    const current = median(window);
    if (spentMs >= maxMs || Math.abs(current - previous) < STEADY_RATIO * current) return current;
    previous = current;
  }
}
