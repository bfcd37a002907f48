/** A leaky bucket of points for each caller, in the memory of one process. */
export interface Budget {
  readonly limit: number;
  readonly restoreRate: number;
  /** Takes `points`; returns what is left, or the seconds to wait when there are too few. */
  take(caller: string, points: number): { left: number } | { retryAfterSeconds: number };
  left(caller: string): number;
}

/** `limit` points at first and at most, `restoreRate` more each second; idle callers are forgotten. */
export function budget(
  limit: number,
  restoreRate: number,
  now: () => number = () => performance.now(),
): Budget {
  const callers = new Map<string, { points: number; at: number }>();
  const current = (caller: string): { points: number; at: number } => {
    const t = now();
    const known = callers.get(caller);
    const points = known ? Math.min(limit, known.points + ((t - known.at) / 1000) * restoreRate) : limit;
    return { points, at: t };
  };
  return {
    limit,
    restoreRate,
    take(caller, points) {
      const state = current(caller);
      if (state.points < points)
        return { retryAfterSeconds: Math.ceil((points - state.points) / restoreRate) };
      if (callers.size > 10_000)
        for (const key of callers.keys()) if (current(key).points >= limit) callers.delete(key);
      callers.set(caller, { points: state.points - points, at: state.at });
      return { left: Math.floor(state.points - points) };
    },
    left: (caller) => Math.floor(current(caller).points),
  };
}
