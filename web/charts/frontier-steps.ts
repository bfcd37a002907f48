/** A point of a frontier: faster is left, more accurate is up. */
export interface Point {
  latencyMs: number;
  accuracy: number;
}

/** Corners of the step line through a frontier sorted fastest first, drawn on to `endMs`. */
export function stepCorners(frontier: readonly Point[], endMs: number): Point[] {
  const corners: Point[] = [];
  let previous: Point | undefined;
  for (const point of frontier) {
    if (previous) corners.push({ latencyMs: point.latencyMs, accuracy: previous.accuracy });
    corners.push(point);
    previous = point;
  }
  if (previous && endMs > previous.latencyMs) corners.push({ latencyMs: endMs, accuracy: previous.accuracy });
  return corners;
}

/** Best accuracy at most this slow; null when nothing is that fast. */
export function bestWithin(frontier: readonly Point[], maxLatencyMs: number): number | null {
  let best: number | null = null;
  for (const point of frontier)
    if (point.latencyMs <= maxLatencyMs && (best === null || point.accuracy > best)) best = point.accuracy;
  return best;
}

/** Points that no other point beats in both directions, fastest first. */
export function nonDominated<P extends Point>(points: readonly P[]): P[] {
  const sorted = [...points].sort((a, b) => a.latencyMs - b.latencyMs || b.accuracy - a.accuracy);
  const kept: P[] = [];
  for (const point of sorted) {
    const last = kept.at(-1);
    if (!last || point.accuracy > last.accuracy) kept.push(point);
  }
  return kept;
}

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
