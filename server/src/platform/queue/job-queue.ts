/** Jobs carry ids only; the tables hold the rest. Any job may run twice and must not mind. */
export interface Jobs {
  /** Run or go on with a search. */
  readonly search: { readonly runId: string; readonly teamId: string };
  /** Read an uploaded table. */
  readonly tableImport: { readonly runId: string; readonly teamId: string };
  /** Plan a campaign further, or make its profile: all that was planned is measured. */
  readonly profileConclusion: { readonly runId: string; readonly teamId: string };
  /** Compute a comparison that was too large for a request; the run is the comparison. */
  readonly comparison: { readonly runId: string; readonly teamId: string };
  /** Drop an upload that nobody went on with; the run is the upload. */
  readonly uploadExpiry: { readonly runId: string; readonly teamId: string };
}

export type JobName = keyof Jobs;

export interface JobQueue {
  /** Adds a job unless one for the same run waits or runs already. */
  enqueue<N extends JobName>(name: N, job: Jobs[N]): Promise<void>;
  /** Adds those of the jobs that neither wait nor run: what a sweep over the tables calls. Returns how many they were. */
  enqueueMissing<N extends JobName>(name: N, jobs: readonly Jobs[N][]): Promise<number>;
  /**
   * Handles jobs until closed; `signal` is aborted then. A handler that throws is tried again with back-off; the job of
   * a killed process is given to another within seconds, so a handler must not block the event loop for that long.
   */
  work<N extends JobName>(
    name: N,
    concurrency: number,
    handler: (job: Jobs[N], signal: AbortSignal) => Promise<void>,
  ): void;
  /** Waits for the handlers that run. */
  close(): Promise<void>;
}
