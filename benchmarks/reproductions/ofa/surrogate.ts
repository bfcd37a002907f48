import { predictLatency } from '@espalier/nas/profile';
import type { Encoding } from '@espalier/nas/space';
import type { Objectives } from '@espalier/nas/search';
import { createRandom, shuffled } from '@espalier/nas/stats';
import { blockSimilarities } from './block-similarity.js';
import { readOfaMeasurements, type OfaMeasurements } from './measured-networks.js';
import { fitPairwise, type PairwiseModel, type PairwisePrior, type Similarity } from './pairwise-model.js';
import { foldsOf, validate, type Split, type ValidationError } from './validation.js';

/** OFA-MobileNetV3 of width 1.0 as a benchmark: every network has an error (predicted) and a latency (summed, exact). */
export interface OfaSurrogate extends OfaMeasurements {
  /** Error in percent, latency in milliseconds on an i7-8700K; about a microsecond. */
  readonly objectives: (encoding: Encoding) => Objectives;
  /** The error alone, for latencies of another device. */
  readonly errorOf: (encoding: ArrayLike<number>) => number;
}

/** Whether only choices count, or pairs of them as well. */
type Model = 'additive' | 'pairwise';

/** How well a model predicts networks that it was not fitted to; percentage points of error. */
export interface SurrogateValidation {
  readonly model: Model;
  /** Five random folds. */
  readonly fiveFold: ValidationError;
  /** Networks that only one search found, predicted from those that other searches found. */
  readonly acrossSearches: ValidationError;
}

/** The most likely prior, as `validateSurrogate` finds it in its folds. */
const PRIOR: PairwisePrior = { single: 1000, pair: 100 };

/**
 * Fits the errors of the measured networks, in seconds, by the model that five-fold cross-validation prefers
 * (`validateSurrogate`; docs/papers/first-paper.md).
 */
export function ofaSurrogate(folder: string): OfaSurrogate {
  const measurements = readOfaMeasurements(folder);
  const { space, networks, latency } = measurements;
  const errorOf = fitOn(blockSimilarities(space), networks, PRIOR).predict;
  const objectives = (encoding: Encoding): Objectives => ({
    error: errorOf(encoding),
    latencyMs: predictLatency(latency, encoding),
  });
  return { ...measurements, objectives, errorOf };
}

/**
 * Two predictors of the error, each fitted to half of the measured networks: what a search finds by one, the other judges without
 * having a part in its luck.
 */
export function halfSurrogates({
  space,
  networks,
}: OfaMeasurements): readonly [OfaSurrogate['errorOf'], OfaSurrogate['errorOf']] {
  const order = shuffled([...networks], createRandom(3));
  const half = (which: number): OfaSurrogate['errorOf'] =>
    fitOn(
      blockSimilarities(space),
      order.filter((_, at) => at % 2 === which),
      PRIOR,
    ).predict;
  return [half(0), half(1)];
}

/** Both models; the prior is chosen anew in every fold, from what is fitted there. */
export function validateSurrogate({ space, networks }: OfaMeasurements): readonly SurrogateValidation[] {
  const targets = networks.map(({ error }) => error);
  const similarities = blockSimilarities(space);
  const order = shuffled(
    networks.map((_, at) => at),
    createRandom(1),
  );
  return (['additive', 'pairwise'] as const).map((model) => {
    const predict = ({ fitted, predicted }: Split): readonly number[] => {
      const samples = fitted.flatMap((at) => networks[at] ?? []);
      const found = fitOn(similarities, samples, likeliestPrior(similarities, samples, model));
      return predicted.map((at) => found.predict(networks[at]?.encoding ?? []));
    };
    return {
      model,
      fiveFold: validate(foldsOf(order, 5), targets, predict),
      acrossSearches: validate(searchSplits(networks), targets, predict),
    };
  });
}

interface Sample {
  readonly encoding: Encoding;
  readonly error: number;
}

const PRIOR_SAMPLES = 400;
const SINGLE = [100, 1000, 10_000];
const PAIR = [10, 100, 1000];

function likeliestPrior(
  similarities: readonly Similarity[],
  samples: readonly Sample[],
  model: Model,
): PairwisePrior {
  const some = shuffled([...samples], createRandom(2)).slice(0, PRIOR_SAMPLES);
  const pairs = model === 'additive' ? [0] : PAIR;
  const tried = SINGLE.flatMap((single) => pairs.map((pair) => ({ single, pair }))).map((prior) => ({
    prior,
    logEvidence: fitOn(similarities, some, prior).logEvidence,
  }));
  return tried.reduce((best, each) => (each.logEvidence > best.logEvidence ? each : best)).prior;
}

function fitOn(
  similarities: readonly Similarity[],
  samples: readonly Sample[],
  prior: PairwisePrior,
): PairwiseModel {
  return fitPairwise(
    similarities,
    samples.map(({ encoding }) => encoding),
    samples.map(({ error }) => error),
    prior,
  );
}

function searchSplits(networks: OfaMeasurements['networks']): readonly Split[] {
  const names = [...new Set(networks.flatMap(({ searches }) => searches))].sort();
  const all = networks.map((_, at) => at);
  return names.map((name) => ({
    fitted: all.filter((at) => networks[at]?.searches.includes(name) !== true),
    predicted: all.filter((at) => networks[at]?.searches.every((each) => each === name) === true),
  }));
}
