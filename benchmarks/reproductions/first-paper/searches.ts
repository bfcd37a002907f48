import { hypervolume2d, invertedGenerationalDistancePlus, normalisationBy, normalised, type Points } from '@espalier/nas/pareto'; // prettier-ignore
import { randomMutationSearch, runSearch, type Evaluated, type Objectives } from '@espalier/nas/search';
import {
  choiceMeasure,
  sampleByChoices,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import { frontOf, pointsOf } from '../ofa/reference-front.js';

/** Probability of each unit to change in a child, as in all but one of the published searches. */
const UNIT_PROBABILITY = 0.5;

/**
 * The published Pareto search: 100 networks, drawn choice by choice (depth uniform, blocks uniform), then 10 iterations of 200
 * children of the front. The first 99 are told to the sampler, which draws one itself: its own first networks would be uniform over
 * networks, hence deep. All 2,100, in order.
 */
export function paretoSearch(
  space: SearchSpace,
  kept: KeptChoices,
  objectives: (encoding: Encoding) => Objectives,
  seed: number,
): readonly Evaluated[] {
  return search(space, kept, objectives, {
    seed,
    parents: 'pareto',
    initial: 100,
    children: 200,
    rounds: 10,
  });
}

/** The published search for accuracy: 20 networks, then 4 iterations of 50 children of the ten most accurate. All 220. */
export function accuracySearch(
  space: SearchSpace,
  kept: KeptChoices,
  objectives: (encoding: Encoding) => Objectives,
  seed: number,
): readonly Evaluated[] {
  return search(space, kept, objectives, { seed, parents: 'accuracy', initial: 20, children: 50, rounds: 4 });
}

function search(
  space: SearchSpace,
  kept: KeptChoices,
  objectives: (encoding: Encoding) => Objectives,
  {
    seed,
    parents,
    initial,
    children,
    rounds,
  }: {
    readonly seed: number;
    readonly parents: 'pareto' | 'accuracy';
    readonly initial: number;
    readonly children: number;
    readonly rounds: number;
  },
): readonly Evaluated[] {
  const sampler = randomMutationSearch(space, {
    seed,
    kept,
    parents,
    initialCount: 1,
    childCount: children,
    unitProbabilities: space.stages.map(() => UNIT_PROBABILITY),
  });
  const measure = choiceMeasure(space, { kept });
  const random = createRandom(1_000_000 + seed);
  const drawn = new Map<string, Evaluated>();
  while (drawn.size < initial - 1) {
    const encoding = sampleByChoices(measure, random);
    drawn.set(encoding.join('.'), { encoding, ...objectives(encoding) });
  }
  for (const evaluated of drawn.values()) sampler.tell(evaluated);
  return [...drawn.values(), ...runSearch(sampler, objectives, 1 + rounds * children)];
}

/** How much of a reference front a search found; both objectives normalised by that front. */
export interface FrontQuality {
  /** Hypervolume ÷ the reference's, reference point (1.1, 1.1). */
  readonly hypervolume: number;
  /** The same up to two thirds of the reference's range of latencies. */
  readonly lowerHypervolume: number;
  /** Mean over those latencies of the least error to be had within them, percent. */
  readonly lowerError: number;
  readonly igdPlus: number;
}

export const LOWER_REGION = 2 / 3;

export function frontQuality(evaluated: readonly Evaluated[], reference: Points): FrontQuality {
  const unit = normalisationBy(reference);
  const front = normalised(pointsOf(frontOf(evaluated)), unit);
  const whole = normalised(reference, unit);
  const ratio = (limit: number): number => volume(front, limit) / volume(whole, limit);
  return {
    hypervolume: ratio(1.1),
    lowerHypervolume: ratio(LOWER_REGION),
    lowerError:
      (unit.ideal[0] ?? NaN) + (unit.range[0] ?? NaN) * (1.1 - volume(front, LOWER_REGION) / LOWER_REGION),
    igdPlus: invertedGenerationalDistancePlus(front, whole),
  };
}

/** Of points [error, latency], up to a latency. */
function volume(points: Points, limit: number): number {
  return hypervolume2d(
    Float64Array.from(points, ([error = NaN]) => error),
    Float64Array.from(points, ([, latency = NaN]) => latency),
    1.1,
    limit,
  );
}
