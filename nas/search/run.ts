import type { Encoding } from '../space/index.js';
import type { Evaluated, Objectives, Sampler } from './sampler.js';

/**
 * Asks, evaluates and tells `evaluations` times and returns the trials in order. Call it again with the same sampler to go
 * on: slices of any size, with a save and restore between them, give the same trials as one run.
 */
export function runSearch(
  sampler: Sampler,
  evaluate: (encoding: Encoding) => Objectives,
  evaluations: number,
): Evaluated[] {
  return Array.from({ length: evaluations }, () => {
    const encoding = sampler.ask();
    const { error, latencyMs } = evaluate(encoding);
    const trial = { encoding, error, latencyMs };
    sampler.tell(trial);
    return trial;
  });
}
