/** What may be heard of. The payload is small; a listener reads the row for the rest. */
export interface ProgressEvent {
  /** UUID of the profile run or search run. */
  readonly runId: string;
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  readonly done: number;
  readonly total: number;
}

/** What a subscriber hears instead of an event when some may have been missed: look at the row again. */
export const MISSED = 'MISSED';

/** Progress across processes, over PostgreSQL's LISTEN/NOTIFY. Events may be missed; state lives in tables. */
export interface EventBus {
  publish(event: ProgressEvent): Promise<void>;
  /**
   * Events of one run from now on. Ends when the bus is closed, and at once when the iterator is returned, also while a
   * `next` of it waits.
   */
  subscribe(runId: string): AsyncIterableIterator<ProgressEvent | typeof MISSED>;
  /** Subscriptions that are open: a metric, and how one sees a leak. */
  subscribers(): number;
  close(): Promise<void>;
}
