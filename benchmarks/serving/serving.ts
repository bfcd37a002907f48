import type { Figure } from '../science/figure.js';
import { measureLeases } from './lease-agents.js';
import { onSystem } from './system.js';
import { measureUpload } from './upload-table.js';

/** What the server does under load, measured on one of its own. */
export const measureServing = (): Promise<Figure[]> =>
  onSystem(async (system) => [...(await measureLeases(system)), ...(await measureUpload(system))]);
