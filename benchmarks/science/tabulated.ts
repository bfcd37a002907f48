import { blockCosts } from '@espalier/nas/graph';
import { nonDominated2d, type Points } from '@espalier/nas/pareto';
import type { PerChoice } from '@espalier/nas/prune';
import { additiveLatency, objectiveTable, type ObjectiveTable } from '@espalier/nas/search';
import type { SearchSpace } from '@espalier/nas/space';
import type { SpaceLatency } from './latencies.js';

/** Every network of a space with its error and its latency on a target: what is found in it can be held against the truth. */
export interface TabulatedSpace {
  readonly space: SearchSpace;
  /** The device and how it runs, such as `cpu-1t`. */
  readonly target: string;
  readonly table: ObjectiveTable;
  /** Non-dominated networks of all as [error %, latency ms], each network one point. */
  readonly front: Points;
  /** What a choice adds to a network's latency, [layer][choice]. */
  readonly blockLatencyMs: PerChoice;
  /** Parameters of a choice's block, [layer][choice]. */
  readonly params: PerChoice;
  /** What of the table was not measured, in a sentence; null when all was. */
  readonly remark: string | null;
  /** 1 where a network's objectives are known, in the order of the table; null when all are. */
  readonly listed: Uint8Array | null;
}

/** `error` in percent, one a network in the order of `encodingIndex`; a network's latency is `fixedMs` and those of its blocks. */
export function additivelyTabulated(
  target: string,
  error: Float64Array,
  { space, blockLatencyMs, fixedMs }: SpaceLatency,
): TabulatedSpace {
  const table = objectiveTable(space, error, additiveLatency(space, blockLatencyMs, fixedMs));
  return tabulated(target, table, blockLatencyMs, null);
}

/** A table whose latencies need not be sums; `blockLatencyMs` is what rules know of blocks. */
export function tabulated(
  target: string,
  table: ObjectiveTable,
  blockLatencyMs: PerChoice,
  remark: string | null,
): TabulatedSpace {
  const { space } = table;
  const params = blockCosts(space).map((costs) => costs.map((cost) => cost.params));
  return { space, target, table, front: frontOf(table), blockLatencyMs, params, remark, listed: null };
}

/** Of all networks of a table, as [error %, latency ms]. */
export function frontOf({ error, latencyMs }: ObjectiveTable): Points {
  return Array.from(nonDominated2d(error, latencyMs), (i) => [error[i] ?? NaN, latencyMs[i] ?? NaN]);
}

/** `fashion-mobile on cpu-1t`. */
export function tableName({ space, target }: TabulatedSpace): string {
  return `${space.name} on ${target}`;
}
