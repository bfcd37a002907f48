import { bestWithin, type Point } from './frontier-steps';

/** Where a frontier is furthest above another: accuracy points, and the latency at which. */
export interface FrontierGap {
  points: number;
  latencyMs: number;
}

/** The largest gain of `upper` over `lower` from the fastest network of `lower` on; null when either is empty. */
export function largestGap(upper: readonly Point[], lower: readonly Point[]): FrontierGap | null {
  const start = lower[0]?.latencyMs;
  if (start === undefined || upper.length === 0) return null;
  let largest: FrontierGap = { points: 0, latencyMs: start };
  for (const { latencyMs } of [...upper, ...lower]) {
    if (latencyMs < start) continue;
    const above = bestWithin(upper, latencyMs);
    const below = bestWithin(lower, latencyMs);
    if (above !== null && below !== null && above - below > largest.points)
      largest = { points: above - below, latencyMs };
  }
  return largest;
}
