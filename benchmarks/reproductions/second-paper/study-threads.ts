import { Worker } from 'node:worker_threads';
import type { ThreadData } from './study-thread.js';
import type { AdvisedResult } from './study.js';

/**
 * Studies tables on `count` threads; each list of names is one thread's at a time. `onResult` gets every table when it is
 * done, in any order. Rejects with the first error of a thread.
 */
export async function studyOnThreads(
  lists: readonly (readonly string[])[],
  count: number,
  workerData: ThreadData,
  onResult: (result: AdvisedResult) => void,
): Promise<void> {
  const waiting = [...lists];
  const workers = Array.from(
    { length: Math.min(count, lists.length) },
    () => new Worker(new URL('./study-thread.js', import.meta.url), { workerData }),
  );
  const emptied = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        const next = (): void => {
          const list = waiting.shift();
          if (list === undefined) resolve();
          else worker.postMessage(list);
        };
        worker.on('error', reject);
        worker.on('message', (result: AdvisedResult | null) => {
          if (result === null) next();
          else onResult(result);
        });
        next();
      }),
  );
  try {
    await Promise.all(emptied);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
