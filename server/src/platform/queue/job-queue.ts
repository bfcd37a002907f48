/** Jobs carry ids only; the tables hold the rest. Any job may run twice and must not mind. */
export interface Jobs {
  /** Run or go on with a search. */
  readonly search: { readonly runId: string; readonly teamId: string };
}

export type JobName = keyof Jobs;

export interface JobQueue {
  /** Adds a job unless one for the same run already waits. */
  enqueue<N extends JobName>(name: N, job: Jobs[N]): Promise<void>;
  /** Handles jobs until closed. A handler that throws is tried again with back-off. */
  work<N extends JobName>(
    name: N,
    concurrency: number,
    handler: (job: Jobs[N], signal: AbortSignal) => Promise<void>,
  ): void;
  close(): Promise<void>;
}
