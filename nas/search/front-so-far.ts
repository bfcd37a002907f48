import {
  distinctPoints,
  nonDominated,
  normalisationBy,
  normalised,
  type Normalisation,
  type Points,
} from '../pareto/index.js';

/** Objectives of a run's trials in the order of evaluation, both minimised: percent and milliseconds. */
export interface TrialObjectives {
  readonly error: ArrayLike<number>;
  readonly latencyMs: ArrayLike<number>;
}

/** What searches are judged against: a front and the unit of its objectives. */
export interface Judge {
  /** The non-dominated, distinct points of the reference in `unit`. */
  readonly reference: Points;
  readonly unit: Normalisation;
}

/** RangeError for an empty reference. */
export function judgeBy(reference: Points, unit: Normalisation = normalisationBy(reference)): Judge {
  const front = distinctPoints(nonDominated(reference).map((i) => reference[i] ?? []));
  return { reference: normalised(front, unit), unit };
}

/** The normalised front of the trials seen so far: ascending in error, so descending in latency; equal points once. */
export class FrontSoFar {
  readonly points: (readonly [error: number, latency: number])[] = [];
  private readonly ideal: readonly number[];
  private readonly range: readonly number[];

  constructor({ ideal, range }: Normalisation) {
    this.ideal = ideal;
    this.range = range;
  }

  /** The trial's place when it changes the front, else −1. RangeError for an objective that is NaN. */
  add(trials: TrialObjectives, at: number): number {
    const x = ((trials.error[at] as number) - (this.ideal[0] as number)) / (this.range[0] as number);
    const y = ((trials.latencyMs[at] as number) - (this.ideal[1] as number)) / (this.range[1] as number);
    if (Number.isNaN(x) || Number.isNaN(y)) throw new RangeError(`trial ${String(at)} has an objective NaN`);
    const { points } = this;
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((points[middle]?.[0] as number) <= x) low = middle + 1;
      else high = middle;
    }
    const left = points[low - 1];
    if (left !== undefined && left[1] <= y) return -1;
    const from = left?.[0] === x ? low - 1 : low;
    let to = low;
    while (to < points.length && (points[to]?.[1] as number) >= y) to++;
    points.splice(from, to - from, [x, y]);
    return from;
  }
}
