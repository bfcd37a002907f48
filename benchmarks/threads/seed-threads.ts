import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { sharedTable, type ObjectiveTable, type SeedThread } from '@espalier/nas/search';

export interface SeedThreads {
  /** For `runSeeds`. */
  readonly threads: readonly SeedThread[];
  close(): Promise<void>;
}

/** Starts worker threads that share a table; they are ready to run when this resolves. */
export async function startSeedThreads(table: ObjectiveTable, count: number): Promise<SeedThreads> {
  const workerData = sharedTable(table);
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./seed-thread.js', import.meta.url), { workerData }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'online')));
  return {
    threads: workers.map((worker) => async (run) => {
      const answer = once(worker, 'message');
      worker.postMessage(run);
      const [indices] = await answer;
      return indices as Uint32Array;
    }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
