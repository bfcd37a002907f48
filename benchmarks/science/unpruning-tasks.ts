import type { Points } from '@espalier/nas/pareto';
import type { PerChoice } from '@espalier/nas/prune';
import type { Objectives } from '@espalier/nas/search';
import { encodingIndex, type Encoding, type SearchSpace } from '@espalier/nas/space';
import { pointsOf, referenceFront } from '../reproductions/ofa/reference-front.js';
import { ofaSurrogate } from '../reproductions/ofa/surrogate.js';
import { fashionTables } from './fashion-tables.js';
import { nasBenchMacroTables } from './nasbench-macro-tables.js';
import type { TabulatedSpace } from './tabulated.js';

/** A space whose networks can be evaluated at will, and the front that searches are held against. */
export interface UnpruningTask {
  readonly space: SearchSpace;
  readonly blockLatencyMs: PerChoice;
  readonly objectives: (encoding: Encoding) => Objectives;
  readonly front: Points;
}

const TARGET = 'cpu-1t';

/** Those of `names`, all by default; NAS-Bench-Macro and OFA-MobileNetV3 need the folder of public tables. */
export function unpruningTasks(
  dataFolder: string | undefined,
  names?: readonly string[],
): readonly UnpruningTask[] {
  const isWanted = (name: string): boolean => names === undefined || names.includes(name);
  const tables = [...fashionTables(), ...(dataFolder === undefined ? [] : nasBenchMacroTables(dataFolder))];
  const tabulated = tables
    .filter(({ space, target }) => target === TARGET && isWanted(space.name))
    .map(tabulatedTask);
  return dataFolder === undefined || !isWanted('ofa-mbv3-w10')
    ? tabulated
    : [...tabulated, ofaTask(dataFolder)];
}

function tabulatedTask({ space, blockLatencyMs, table, front }: TabulatedSpace): UnpruningTask {
  const objectives = (encoding: Encoding): Objectives => {
    const index = encodingIndex(space, encoding);
    return { error: table.error[index] ?? NaN, latencyMs: table.latencyMs[index] ?? NaN };
  };
  return { space, blockLatencyMs, objectives, front };
}

/** Predicted errors and summed latencies; the front is the best one known. */
function ofaTask(dataFolder: string): UnpruningTask {
  const { space, latency, objectives } = ofaSurrogate(dataFolder);
  const front = pointsOf(referenceFront(space, objectives));
  return { space, blockLatencyMs: latency.layers, objectives, front };
}
