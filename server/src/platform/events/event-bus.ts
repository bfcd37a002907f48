/** What may be heard of. The payload is small; a listener reads the row for the rest. */
export interface ProgressEvent {
  /** UUID of the profile run or search run. */
  readonly runId: string;
  readonly status: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  readonly done: number;
  readonly total: number;
}

/** Progress across processes, over PostgreSQL's LISTEN/NOTIFY. Events may be missed; state lives in tables. */
export interface EventBus {
  publish(event: ProgressEvent): Promise<void>;
  /** Events of one run from now on; ends when the iterator is closed. */
  subscribe(runId: string): AsyncIterableIterator<ProgressEvent>;
  close(): Promise<void>;
}
