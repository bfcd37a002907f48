import { hypervolume2d } from '../../pareto/index.js';
import type { Evaluated, Objectives } from '../sampler.js';

/** The points that no other dominates, by ascending latency and so descending error. */
export type Staircase<T extends Objectives = Objectives> = readonly T[];

/** The staircase with a point more; the same object where the point does not improve on it. */
export function withPoint<T extends Objectives>(front: Staircase<T>, point: T): Staircase<T> {
  if (!Number.isFinite(point.latencyMs) || heightAt(front, point.latencyMs, Infinity) <= point.error)
    return front;
  const staying = front.filter(({ latencyMs, error }) => latencyMs < point.latencyMs || error < point.error);
  return [...staying, point].sort((a, b) => a.latencyMs - b.latencyMs);
}

/** The least error that is had within a latency; `none` where nothing is as fast. */
export function heightAt(front: Staircase, latencyMs: number, none: number): number {
  let height = none;
  for (const step of front) {
    if (step.latencyMs > latencyMs) break;
    height = step.error;
  }
  return height;
}

/** What bounds the gain of a front: a tenth of its range beyond its ends. */
export function cornerOf(front: Staircase): Objectives {
  const [fastest, best] = [front[0], front.at(-1)];
  if (fastest === undefined || best === undefined) return { error: 0, latencyMs: 0 };
  return {
    error: fastest.error + 0.1 * (fastest.error - best.error),
    latencyMs: best.latencyMs + 0.1 * (best.latencyMs - fastest.latencyMs),
  };
}

/** What the points dominate below the corner. */
export function volumeOf(front: Staircase, corner: Objectives): number {
  return hypervolume2d(
    Float64Array.from(front, ({ error }) => error),
    Float64Array.from(front, ({ latencyMs }) => latencyMs),
    corner.error,
    corner.latencyMs,
  );
}

/** What is expected of a network: a normal error and a latency that is known well enough. */
export interface Expected {
  readonly mean: number;
  readonly deviation: number;
  readonly latencyMs: number;
}

/**
 * Expected growth of the hypervolume (Emmerich et al. 2011, with one objective certain): over each step of the staircase from
 * the network's latency on, the step's width times how far the error is expected to fall below it.
 */
export function expectedGrowth(
  front: Staircase,
  corner: Objectives,
  { mean, deviation, latencyMs }: Expected,
): number {
  let sum = 0;
  let height = corner.error;
  let from = latencyMs;
  for (const step of front) {
    if (step.latencyMs > from) {
      sum += (step.latencyMs - from) * expectedFall(height - mean, deviation);
      from = step.latencyMs;
    }
    height = Math.min(height, step.error);
  }
  return corner.latencyMs > from
    ? sum + (corner.latencyMs - from) * expectedFall(height - mean, deviation)
    : sum;
}

/** The networks nearest above the staircase or below it, at most `limit`, in the order given. */
export function nearestTo(
  front: Staircase,
  evaluated: readonly Evaluated[],
  limit: number,
): readonly Evaluated[] {
  if (evaluated.length <= limit) return evaluated;
  const { error: none } = cornerOf(front);
  const gaps = evaluated.map(({ error, latencyMs }) => error - heightAt(front, latencyMs, none));
  const farthest = Float64Array.from(gaps).sort()[limit - 1] ?? Infinity;
  return evaluated.filter((_, i) => (gaps[i] ?? Infinity) <= farthest).slice(0, limit);
}

/** E max(0, gap − deviation·z), z standard normal (Jones, Schonlau and Welch 1998). */
function expectedFall(gap: number, deviation: number): number {
  if (!(deviation > 0)) return Math.max(0, gap);
  const z = gap / deviation;
  if (z < -6) return 0;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return gap * (1 - upperTail(z, density)) + deviation * density;
}

/** Share of the standard normal above z (Abramowitz and Stegun 1964, 26.2.17: within 7.5·10⁻⁸). */
function upperTail(z: number, density: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z < 0 ? 1 - density * series : density * series;
}
