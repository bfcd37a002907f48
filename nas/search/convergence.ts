import {
  distinctPoints,
  generationalDistance,
  hypervolume2d,
  nonDominated,
  normalisationBy,
  normalised,
  type Points,
} from '../pareto/index.js';

/** Evaluations at which the second paper reports. */
export const CHECKPOINTS: readonly number[] = [10, 100, 250, 500, 1000, 2000, 3000];

/** Objectives of a run's trials in the order of evaluation, both minimised: percent and milliseconds. */
export interface TrialObjectives {
  readonly error: ArrayLike<number>;
  readonly latencyMs: ArrayLike<number>;
}

/**
 * How good the non-dominated part of a run's archive is after `evaluations`. Objectives are normalised by the ideal and nadir
 * of the reference front; the hypervolume's reference point is (1.1, 1.1), its ratio is to that of the reference front.
 */
export interface Convergence {
  readonly evaluations: number;
  readonly generationalDistance: number;
  readonly invertedGenerationalDistancePlus: number;
  readonly hypervolumeRatio: number;
  readonly frontSize: number;
}

/**
 * The run's convergence at each of the ascending `checkpoints` that it reached. `reference` is the front of the *whole* space
 * as [error %, latency ms], also when the search was in a pruned one. RangeError for an empty reference or NaN.
 */
export function convergence(
  trials: TrialObjectives,
  reference: Points,
  checkpoints: readonly number[] = CHECKPOINTS,
): Convergence[] {
  const archive = new Archive(reference);
  const rows: Convergence[] = [];
  let at = 0;
  for (const evaluations of checkpoints) {
    if (evaluations > trials.error.length) break;
    while (at < evaluations) archive.add(trials, at++);
    rows.push({
      evaluations,
      generationalDistance: archive.generationalDistance(),
      invertedGenerationalDistancePlus: archive.invertedGenerationalDistancePlus(),
      hypervolumeRatio: archive.hypervolumeRatio(),
      frontSize: archive.frontSize,
    });
  }
  return rows;
}

export type TargetIndicator = 'gd' | 'igd+';

/**
 * The first number of evaluations after which the archive's indicator is at most `target`, or null when it never is.
 * IGD⁺ only falls as the archive grows; GD may rise again, and the first time counts.
 */
export function evaluationsToTarget(
  trials: TrialObjectives,
  reference: Points,
  target: number,
  indicator: TargetIndicator = 'igd+',
): number | null {
  const archive = new Archive(reference);
  for (let at = 0; at < trials.error.length; at++) {
    if (!archive.add(trials, at)) continue;
    const value =
      indicator === 'gd' ? archive.generationalDistance() : archive.invertedGenerationalDistancePlus();
    if (value <= target) return at + 1;
  }
  return null;
}

/** The normalised front of what was added: ascending in x, so descending in y; and each reference point's shortfall. */
class Archive {
  private readonly unit;
  private readonly reference: Points;
  private readonly shortfall: Float64Array;
  private readonly referenceVolume: number;
  private front: (readonly [number, number])[] = [];

  constructor(reference: Points) {
    this.unit = normalisationBy(reference);
    const front = distinctPoints(nonDominated(reference).map((i) => reference[i] ?? []));
    this.reference = normalised(front, this.unit);
    this.shortfall = new Float64Array(this.reference.length).fill(Infinity);
    this.referenceVolume = volume(this.reference);
  }

  get frontSize(): number {
    return this.front.length;
  }

  /** Whether the front changed. */
  add(trials: TrialObjectives, at: number): boolean {
    const { ideal, range } = this.unit;
    const x = ((trials.error[at] as number) - (ideal[0] as number)) / (range[0] as number);
    const y = ((trials.latencyMs[at] as number) - (ideal[1] as number)) / (range[1] as number);
    if (Number.isNaN(x) || Number.isNaN(y)) throw new RangeError(`trial ${String(at)} has an objective NaN`);
    let low = 0;
    let high = this.front.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.front[middle]?.[0] as number) <= x) low = middle + 1;
      else high = middle;
    }
    const left = this.front[low - 1];
    if (left !== undefined && left[1] <= y) return false;
    let from = low;
    if (left?.[0] === x) from--;
    let to = low;
    while (to < this.front.length && (this.front[to]?.[1] as number) >= y) to++;
    this.front.splice(from, to - from, [x, y]);
    for (let z = 0; z < this.reference.length; z++) {
      const dx = Math.max(x - (this.reference[z]?.[0] as number), 0);
      const dy = Math.max(y - (this.reference[z]?.[1] as number), 0);
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance < (this.shortfall[z] as number)) this.shortfall[z] = distance;
    }
    return true;
  }

  generationalDistance(): number {
    return generationalDistance(this.front, this.reference);
  }

  /** Equals the definition over the front, because a dominated point is nowhere nearer than its dominator. */
  invertedGenerationalDistancePlus(): number {
    return this.front.length === 0
      ? NaN
      : this.shortfall.reduce((sum, d) => sum + d, 0) / this.shortfall.length;
  }

  hypervolumeRatio(): number {
    return volume(this.front) / this.referenceVolume;
  }
}

function volume(points: Points): number {
  return hypervolume2d(
    Float64Array.from(points, (point) => point[0] as number),
    Float64Array.from(points, (point) => point[1] as number),
    1.1,
    1.1,
  );
}
