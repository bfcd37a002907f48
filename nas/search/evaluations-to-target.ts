import { generationalDistance, type Normalisation, type Points } from '../pareto/index.js';
import { FrontSoFar, judgeBy, type Judge, type TrialObjectives } from './front-so-far.js';

export type TargetIndicator = 'gd' | 'igd+';

/**
 * The first number of evaluations after which the archive's indicator is at most `target`, or null when it never is.
 * IGD⁺ only falls as the archive grows; GD may rise again, and the first time counts. Normalised as by `convergence`.
 */
export function evaluationsToTarget(
  trials: TrialObjectives,
  reference: Points,
  target: number,
  indicator: TargetIndicator = 'igd+',
  unit?: Normalisation,
): number | null {
  const judge = judgeBy(reference, unit);
  const front = new FrontSoFar(judge.unit);
  const shortfall = indicator === 'igd+' ? new Shortfall(judge) : null;
  for (let at = 0; at < trials.error.length; at++) {
    const place = front.add(trials, at);
    if (place < 0) continue;
    const value = shortfall
      ? shortfall.with(front.points[place] ?? [0, 0])
      : generationalDistance(front.points, judge.reference);
    if (value <= target) return at + 1;
  }
  return null;
}

/**
 * IGD⁺ as points come: what each reference point misses by the nearest of them. Equals the definition over the front,
 * because a dominated point is nowhere nearer than its dominator.
 */
class Shortfall {
  private readonly reference: Points;
  private readonly distances: Float64Array;

  constructor({ reference }: Judge) {
    this.reference = reference;
    this.distances = new Float64Array(reference.length).fill(Infinity);
  }

  /** IGD⁺ after one more point. */
  with([x, y]: readonly [number, number]): number {
    let sum = 0;
    for (let z = 0; z < this.reference.length; z++) {
      const dx = Math.max(x - (this.reference[z]?.[0] as number), 0);
      const dy = Math.max(y - (this.reference[z]?.[1] as number), 0);
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance < (this.distances[z] as number)) this.distances[z] = distance;
      sum += this.distances[z] as number;
    }
    return sum / this.reference.length;
  }
}
