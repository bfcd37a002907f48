import { totalmem } from 'node:os';
import { containerLimits } from '../environment/container-limits.js';

/** What one model may take before the process that holds it is ended. */
export interface ModelBudget {
  /** Wall time to load it, milliseconds. */
  readonly loadMs: number;
  /** Wall time of one run, milliseconds. */
  readonly runMs: number;
  /** Memory of the process with all that is loaded in it, bytes. */
  readonly memoryBytes: number;
}

/** Part of the memory there is that the runtime may take: the system and the agent need the rest. */
const MEMORY_RATIO = 0.6;

export function defaultBudget(): ModelBudget {
  const memory = Math.min(totalmem(), containerLimits().memoryBytes ?? Infinity);
  return { loadMs: 60_000, runMs: 20_000, memoryBytes: Math.floor(MEMORY_RATIO * memory) };
}
