import type { HeldDevice } from './device.js';
import type { LoadReading } from './foreign-load.js';
import { inWords } from './instability.js';
import type { Round } from './subject-record.js';

/** Follows through a campaign what others do to the device, and marks the rounds in which they did too much. */
export interface LoadMarks {
  /** Rounds that just ended. Marks them, and those since the last reading, when others did too much meanwhile. */
  ended(rounds: readonly Round[]): void;
  /** What others did too much when it was last looked at; null when they left the device alone. */
  readonly crowd: LoadReading | null;
}

export function markLoad({ crowd, loadSince }: HeldDevice): LoadMarks {
  let latest = crowd;
  let pending: Round[] = [];
  // What went before the first round is not of it.
  loadSince?.();
  return {
    get crowd() {
      return latest;
    },
    ended: (rounds) => {
      pending.push(...rounds);
      const reading = loadSince?.() ?? 'TOO_SHORT';
      if (reading === 'TOO_SHORT') return;
      latest = reading.foreignCores > reading.allowedCores ? reading : null;
      if (latest !== null) for (const round of pending) round.disturbance ??= inWords(latest);
      pending = [];
    },
  };
}
