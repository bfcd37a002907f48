import { parentPort, workerData } from 'node:worker_threads';
import { adviceOn } from './advice.js';
import { studyTables } from './study-tables.js';
import { studyOf, tableName, type AdvisedResult } from './study.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly data: string | undefined;
  readonly seeds: number;
}

// Studies the spaces that it is told by name, on all their targets: these share what is learnt of accuracy.
const { data, seeds } = workerData as ThreadData;
const tables = studyTables(data);

parentPort?.on('message', (wanted: readonly string[]) => {
  for (const table of tables)
    if (wanted.includes(tableName({ space: table.space.name, target: table.target })))
      parentPort?.postMessage({
        ...studyOf(table, seeds),
        advice: adviceOn(table),
      } satisfies AdvisedResult);
  parentPort?.postMessage(null);
});
