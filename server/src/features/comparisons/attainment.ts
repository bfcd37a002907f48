import { attainmentSurface, nonDominated2d, type Points } from '@espalier/nas/pareto';
import type { ComparedRun } from './compared-runs.js';
import type { PlanePoint, StoredAttainment } from './entities.js';

/** What at least one, half and all of the runs attain after `evaluations` each. */
export function attainmentOf(runs: readonly ComparedRun[], evaluations: number): StoredAttainment {
  const fronts = runs.map((run) => frontAfter(run, evaluations));
  const surface = (atLeast: number): PlanePoint[] =>
    attainmentSurface(fronts, atLeast)
      .map(([error = NaN, latencyMs = NaN]) => ({ accuracy: 100 - error, latencyMs }))
      .sort((a, b) => a.latencyMs - b.latencyMs);
  return {
    best: surface(1),
    median: surface(Math.ceil(fronts.length / 2)),
    worst: surface(fronts.length),
  };
}

function frontAfter(run: ComparedRun, evaluations: number): Points {
  const error = run.error.subarray(0, evaluations);
  const latencyMs = run.latencyMs.subarray(0, evaluations);
  return Array.from(nonDominated2d(error, latencyMs), (i) => [error[i] ?? NaN, latencyMs[i] ?? NaN]);
}
