import type { Figure } from './figure.js';
import { measureGraph } from './graph.js';
import { readLatencies } from './latencies.js';
import { measurePareto } from './pareto.js';
import { measurePruning } from './pruning.js';
import { measureProgressive } from './progressive.js';
import { measureSearch } from './search.js';
import { measureSeeds } from './seeds.js';
import { measureSurrogate } from './surrogate.js';
import { measureTransfers } from './transfer.js';
import { unpruningTasks } from './unpruning-tasks.js';

/**
 * All rows of the science group. The pruning rows need measured block latencies (`latencyFile`, see `readLatencies`) and the
 * transfer rows public tables (`dataFolder`, see `transferSets`); without them they are left out and that is said.
 */
export async function measureScience(
  latencyFile: string | undefined,
  dataFolder: string | undefined,
): Promise<Figure[]> {
  const figures = [
    ...measureGraph(),
    ...measureSearch(),
    ...(await measureSeeds()),
    ...measureSurrogate(),
    ...measurePareto(),
    ...measureTransfers(dataFolder),
    ...measureProgressive(unpruningTasks(dataFolder)),
  ];
  if (latencyFile === undefined) {
    console.error('pruning.speedup: left out, it needs measured block latencies (--latency FILE)');
    return figures;
  }
  return [...figures, ...measurePruning(readLatencies(latencyFile))];
}
