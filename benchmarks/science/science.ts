import type { Figure } from './figure.js';
import { measureGraph } from './graph.js';
import { measurePareto } from './pareto.js';
import { measurePruning } from './pruning.js';
import { measureSearch } from './search.js';
import { readLatencies } from './tables.js';
import { measureTransfers } from './transfer.js';

/**
 * All rows of the science group. The pruning rows need measured block latencies (`latencyFile`, see `readLatencies`) and the
 * transfer rows public tables (`dataFolder`, see `transferSets`); without them they are left out and that is said.
 */
export function measureScience(latencyFile: string | undefined, dataFolder: string | undefined): Figure[] {
  const figures = [
    ...measureGraph(),
    ...measureSearch(),
    ...measurePareto(),
    ...measureTransfers(dataFolder),
  ];
  if (latencyFile === undefined) {
    console.error('pruning.speedup: left out, it needs measured block latencies (--latency FILE)');
    return figures;
  }
  return [...figures, ...measurePruning(readLatencies(latencyFile))];
}
