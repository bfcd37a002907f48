import type { Platform } from '../../platform/platform.js';
import type { SearchRunRow } from './entities.js';

/** Trainers ask for an EXTERNAL run's work themselves: no job waits for them. */
export async function enqueueRun(platform: Platform, run: SearchRunRow): Promise<void> {
  if (run.external) return;
  // A lost enqueue is found by the worker's sweep: the committed row is what counts.
  await platform.queue.enqueue('search', { runId: run.id, teamId: run.teamId }).catch((err: unknown) => {
    platform.log.warn({ err, runId: run.id }, 'could not enqueue; the sweep will');
  });
}
