import { normalDensity, normalUpperTail } from '../../stats/index.js';

/** What is thought of an objective that has not been seen; `deviation` 0 where it is known. */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The front that is to be improved on, as a staircase with `steps` steps: ascending latencies and descending errors of its
 * points, then the corner that bounds the volume. Points at or beyond the corner are left out.
 */
export interface Staircase {
  readonly latencyMs: Float64Array;
  readonly error: Float64Array;
  readonly cornerError: number;
  readonly cornerLatencyMs: number;
}

/** The staircase of any points: those that others dominate are left out. */
export function staircaseOf(
  points: readonly { readonly error: number; readonly latencyMs: number }[],
  cornerError: number,
  cornerLatencyMs: number,
): Staircase {
  let least = cornerError;
  const front = points
    .filter(({ latencyMs }) => latencyMs < cornerLatencyMs)
    .sort((a, b) => a.latencyMs - b.latencyMs || a.error - b.error)
    .filter(({ error }) => {
      if (!(error < least)) return false;
      least = error;
      return true;
    });
  return {
    latencyMs: Float64Array.from(front, ({ latencyMs }) => latencyMs),
    error: Float64Array.from(front, ({ error }) => error),
    cornerError,
    cornerLatencyMs,
  };
}

/**
 * Expected hypervolume improvement over two independent normal objectives, exact (Emmerich, Yang, Deutz 2011 and 2016): over
 * the strip of latencies between two neighbours of the front, the product of the expected improvement on the strip's error and
 * the expected length that lies right of the new point. With a latency that is known only the error is expected over.
 */
export function expectedHypervolumeImprovement(
  { latencyMs, error, cornerError, cornerLatencyMs }: Staircase,
  ofError: Belief,
  ofLatency: Belief,
): number {
  let sum = 0;
  let leftOfStrip = 0;
  for (let strip = 0; strip <= latencyMs.length; strip++) {
    const ceiling = strip === 0 ? cornerError : (error[strip - 1] as number);
    const end = strip === latencyMs.length ? cornerLatencyMs : (latencyMs[strip] as number);
    const leftOfEnd = expectedImprovement(end, ofLatency);
    if (leftOfEnd > leftOfStrip) sum += (leftOfEnd - leftOfStrip) * expectedImprovement(ceiling, ofError);
    leftOfStrip = leftOfEnd;
  }
  return sum;
}

/** E max(0, best − x) for normal x (Jones, Schonlau and Welch 1998). */
export function expectedImprovement(best: number, { mean, deviation }: Belief): number {
  if (!(deviation > 0)) return Math.max(0, best - mean);
  const z = (best - mean) / deviation;
  return Math.max(0, (best - mean) * normalUpperTail(-z) + deviation * normalDensity(z));
}
