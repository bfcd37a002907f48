import { parentPort, workerData } from 'node:worker_threads';
import { runSeed, type ObjectiveTable, type SeedRun } from '@espalier/nas/search';

// A thread that runs searches over the table it was started with.
const table = workerData as ObjectiveTable;

parentPort?.on('message', (run: SeedRun) => {
  const indices = runSeed(table, run);
  parentPort?.postMessage(indices, [indices.buffer as ArrayBuffer]);
});
