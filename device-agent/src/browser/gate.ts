/** Why nothing is measured now. */
export type Closed = 'PAUSED' | 'HIDDEN';

/** Says whether the page may measure: not while its user has paused it, nor while it is hidden. */
export interface Gate {
  /** Null while open. */
  readonly closed: Closed | null;
  /** When it was closed last, milliseconds of `performance.now()`; null while open. */
  readonly closedSinceMs: number | null;
  /** How often it was closed. */
  readonly closings: number;
  set(closed: Closed | null): void;
  /** Resolves when it is open. Rejects with the signal's reason when aborted. */
  opened(signal: AbortSignal): Promise<void>;
}

export function createGate(): Gate {
  let closed: Closed | null = null;
  let closedSinceMs: number | null = null;
  let closings = 0;
  let waiting: (() => void)[] = [];
  return {
    get closed() {
      return closed;
    },
    get closedSinceMs() {
      return closedSinceMs;
    },
    get closings() {
      return closings;
    },
    set(next) {
      if (closed === null && next !== null) {
        closings++;
        closedSinceMs = performance.now();
      }
      closed = next;
      if (next !== null) return;
      closedSinceMs = null;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    async opened(signal) {
      signal.throwIfAborted();
      while (closed !== null) await woken(waiting, signal);
    },
  };
}

function woken(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    waiting.push(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
