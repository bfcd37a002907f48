/** A leaky bucket of points for each caller, in the memory of one process. */
export interface Budget {
  readonly limit: number;
  readonly restoreRate: number;
  /** Takes `points`; returns what is left, or the seconds to wait when there are too few. */
  take(caller: string, points: number): { left: number } | { retryAfterSeconds: number };
  left(caller: string): number;
  /** Gives points back that turned out not to be owed. */
  give(caller: string, points: number): void;
}

/** Callers remembered at most. */
const CALLERS = 100_000;

/** `limit` points at first and at most, `restoreRate` more each second; those longest idle are forgotten. */
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
      // The oldest go first: one that is forgotten has not spent anything for the longest time.
      if (callers.size >= CALLERS) for (const key of callers.keys()) if (callers.delete(key)) break;
      callers.delete(caller);
      callers.set(caller, { points: state.points - points, at: state.at });
      return { left: Math.floor(state.points - points) };
    },
    give(caller, points) {
      const state = current(caller);
      callers.set(caller, { points: Math.min(limit, state.points + points), at: state.at });
    },
    left: (caller) => Math.floor(current(caller).points),
  };
}
