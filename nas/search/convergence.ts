import {
  additiveEpsilon,
  generationalDistance,
  generationalDistancePlus,
  hypervolume,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  type Normalisation,
  type Points,
} from '../pareto/index.js';
import { FrontSoFar, judgeBy, type TrialObjectives } from './front-so-far.js';

/** Evaluations at which the second paper reports. */
export const CHECKPOINTS: readonly number[] = [10, 100, 250, 500, 1000, 2000, 3000];

/**
 * How good the non-dominated part of a run's archive is after `evaluations`. The hypervolume's reference point is (1.1, 1.1) in
 * the unit of the normalisation, its ratio is to that of the reference front.
 */
export interface Convergence {
  readonly evaluations: number;
  readonly generationalDistance: number;
  readonly generationalDistancePlus: number;
  readonly invertedGenerationalDistance: number;
  readonly invertedGenerationalDistancePlus: number;
  readonly hypervolumeRatio: number;
  readonly additiveEpsilon: number;
  readonly frontSize: number;
}

/**
 * The run's convergence at each of the ascending `checkpoints` that it reached. `reference` is the front of the *whole* space
 * as [error %, latency ms], also when the search was in a pruned one; objectives are normalised by its ideal and nadir unless
 * `unit` says otherwise. RangeError for an empty reference or NaN.
 */
export function convergence(
  trials: TrialObjectives,
  reference: Points,
  checkpoints: readonly number[] = CHECKPOINTS,
  unit?: Normalisation,
): Convergence[] {
  const judge = judgeBy(reference, unit);
  const volume = hypervolume(judge.reference, CORNER);
  const front = new FrontSoFar(judge.unit);
  const { points } = front;
  const rows: Convergence[] = [];
  let at = 0;
  for (const evaluations of checkpoints) {
    if (evaluations > trials.error.length) break;
    while (at < evaluations) front.add(trials, at++);
    rows.push({
      evaluations,
      generationalDistance: generationalDistance(points, judge.reference),
      generationalDistancePlus: generationalDistancePlus(points, judge.reference),
      invertedGenerationalDistance: invertedGenerationalDistance(points, judge.reference),
      invertedGenerationalDistancePlus: invertedGenerationalDistancePlus(points, judge.reference),
      hypervolumeRatio: hypervolume(points, CORNER) / volume,
      additiveEpsilon: additiveEpsilon(points, judge.reference),
      frontSize: points.length,
    });
  }
  return rows;
}

const CORNER = [1.1, 1.1];
