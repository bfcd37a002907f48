import { countMacs, networkOf } from '@espalier/nas/graph';
import { keptByReduction, prune, publishedReductions } from '@espalier/nas/prune';
import { predictLatency, type LatencyTable } from '@espalier/nas/profile';
import type { Evaluated, Objectives } from '@espalier/nas/search';
import {
  choiceMeasure,
  keepAll,
  keptSize,
  sampleByChoices,
  spaceSize,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '@espalier/nas/space';
import { createRandom, spearman } from '@espalier/nas/stats';
import type { Figure } from '../../science/figure.js';
import { frontOf, pointsOf, referenceFront } from '../ofa/reference-front.js';
import { halfSurrogates, ofaSurrogate, validateSurrogate, type OfaSurrogate } from '../ofa/surrogate.js';
import { comparison, plain, type Arms } from './comparison.js';
import { controlSpace } from './control-space.js';
import { devicesOf, type Device } from './devices.js';
import { blockFigures, latencyResponses, sampledResponses, type Responses } from './responses.js';
import { accuracySearch, frontQuality, paretoSearch, type FrontQuality } from './searches.js';

const SEEDS = 30;
/** Networks a placement, of which accuracy effects are means. */
const SAMPLES = 4000;
/** Networks that the rules see. */
const PROFILED = 2000;

/**
 * The claims of Mills et al. 2021 on OFA-MobileNetV3 of width 1.0 with predicted accuracies (docs/papers/first-paper.md): the same
 * search, given the same number of evaluations, in the original space, in the one that rules reduce by block profiles, in the one
 * that was published for such a device, and in a random one as large as the reduced one. Rows of a comparison are named
 * DEVICE/INDICATOR/SPACE; their peer is the original space. RangeError without the folder of public tables.
 */
export function reproduceFirstPaper({ data: folder }: { readonly data?: string | undefined }): Figure[] {
  if (folder === undefined) throw new RangeError('first-paper needs the public tables: --data FOLDER');
  const surrogate = ofaSurrogate(folder);
  const { space, errorOf } = surrogate;
  const accuracy = sampledResponses(space, (encoding) => 100 - errorOf(encoding), SAMPLES);
  return [
    ...validateSurrogate(surrogate).flatMap(({ model, fiveFold, acrossSearches }) =>
      Object.entries({ fiveFold, acrossSearches }).flatMap(([how, errors]) =>
        Object.entries(errors).map(([name, value]) =>
          plain(`surrogate/${model}/${how}/${name}`, Number(value)),
        ),
      ),
    ),
    ...blockFigures('accuracy', space, accuracy, '%'),
    ...devicesOf(surrogate).flatMap((device) => deviceFigures(surrogate, device, accuracy)),
    ...accuracyFigures(surrogate),
  ];
}

/** Whose published space is nearest: that of a Threadripper for the i7. */
const PUBLISHED: Readonly<Record<Device['name'], string>> = {
  'i7-8700k': 'OFA-CPU',
  note10: 'OFA-Note10',
  npu: 'OFA-NPU',
};

function deviceFigures(surrogate: OfaSurrogate, { name, table }: Device, accuracy: Responses): Figure[] {
  const { space, errorOf } = surrogate;
  const objectives = (encoding: Encoding): Objectives => ({
    error: errorOf(encoding),
    latencyMs: predictLatency(table, encoding),
  });
  const latency = latencyResponses(space, table);
  const evidence = { latencyMs: table.layers, evaluated: profiled(space, objectives) };
  const { kept: reduced, explanation } = prune(space, { rule: 'EFFECT_OUTLIERS' }, evidence);
  console.error(`${name}: ${explanation}`);
  const published = publishedSpace(space, PUBLISHED[name]);
  const reference = pointsOf(referenceFront(space, objectives));
  const runs = Array.from({ length: SEEDS }, (_, seed) => {
    const quality = (kept: KeptChoices): FrontQuality =>
      frontQuality(paretoSearch(space, kept, objectives, seed), reference);
    return mapped(armsOf(space, reduced, published, seed), quality);
  });
  const judged = judgedRuns(surrogate, table, (seed) => armsOf(space, reduced, published, seed));
  const blocks = [...accuracy.blocks.keys()];
  const valuesOf = ({ blocks: values }: Responses): number[] =>
    blocks.map((block) => values.get(block) ?? NaN);
  return [
    ...blockFigures(name, space, latency, 'ms'),
    plain(`${name}/agreement`, spearman(valuesOf(latency), valuesOf(accuracy)), 'Spearman'),
    plain(`${name}/reduced/size`, sizeShare(space, reduced), '× original'),
    plain(`${name}/published/size`, sizeShare(space, published), '× original'),
    ...(['hypervolume', 'lowerHypervolume', 'lowerError', 'igdPlus'] as const).flatMap((indicator) => [
      ...comparison(`${name}/${indicator}`, runs, (quality) => quality[indicator]),
      ...comparison(`${name}/judged/${indicator}`, judged, (quality) => quality[indicator]),
    ]),
  ];
}

/** The same searches by a predictor of half of the networks; their fronts are judged by the predictor of the other half. */
function judgedRuns(
  surrogate: OfaSurrogate,
  table: LatencyTable,
  armsFor: (seed: number) => Arms<KeptChoices>,
): readonly Arms<FrontQuality>[] {
  const { space } = surrogate;
  const [searched, judge] = halfSurrogates(surrogate).map((errorOf) => (encoding: Encoding): Objectives => ({
    error: errorOf(encoding),
    latencyMs: predictLatency(table, encoding),
  }));
  if (searched === undefined || judge === undefined) return [];
  const reference = pointsOf(referenceFront(space, judge));
  return Array.from({ length: SEEDS }, (_, seed) =>
    mapped(armsFor(seed), (kept) => {
      const front = frontOf(paretoSearch(space, kept, searched, seed));
      return frontQuality(
        front.map(({ encoding }) => ({ encoding, ...judge(encoding) })),
        reference,
      );
    }),
  );
}

/** The search for accuracy; the reduced space is the published one. */
function accuracyFigures(surrogate: OfaSurrogate): Figure[] {
  const { space, objectives } = surrogate;
  const [searched, judge] = halfSurrogates(surrogate);
  const reduced = publishedSpace(space, 'OFA-max-accuracy');
  const runs = Array.from({ length: SEEDS }, (_, seed) =>
    mapped(armsOf(space, reduced, reduced, seed), (kept) =>
      mostAccurate(space, accuracySearch(space, kept, objectives, seed)),
    ),
  );
  const judged = runs.map((_, seed) =>
    mapped(armsOf(space, reduced, reduced, seed), (kept) => {
      const byHalf = (encoding: Encoding): Objectives => ({
        ...objectives(encoding),
        error: searched(encoding),
      });
      const found = accuracySearch(space, kept, byHalf, seed);
      return 100 - judge(found.reduce((least, each) => (each.error < least.error ? each : least)).encoding);
    }),
  );
  return [
    ...(['accuracy', 'macs', 'latencyMs'] as const).flatMap((what) =>
      comparison(`max-accuracy/${what}`, runs, (found) => found[what]),
    ),
    ...comparison('max-accuracy/judged/accuracy', judged, (accuracy) => accuracy),
  ].filter(({ name }) => !name.includes('/published'));
}

function mostAccurate(
  space: SearchSpace,
  evaluated: readonly Evaluated[],
): { readonly accuracy: number; readonly macs: number; readonly latencyMs: number } {
  const best = evaluated.reduce((least, each) => (each.error < least.error ? each : least));
  return {
    accuracy: 100 - best.error,
    macs: countMacs(networkOf(space, best.encoding)) / 1e6,
    latencyMs: best.latencyMs,
  };
}

function publishedSpace(space: SearchSpace, name: string): KeptChoices {
  const reduction = publishedReductions.find((each) => each.name === name);
  if (reduction === undefined) throw new RangeError(`no published reduction ${name}`);
  return keptByReduction(space, reduction);
}

/** Drawn choice by choice, as the first paper's. */
function profiled(space: SearchSpace, objectives: (encoding: Encoding) => Objectives): readonly Evaluated[] {
  const measure = choiceMeasure(space);
  const random = createRandom(9);
  return Array.from({ length: PROFILED }, () => {
    const encoding = sampleByChoices(measure, random);
    return { encoding, ...objectives(encoding) };
  });
}

/** Another random space for each seed. */
function armsOf(
  space: SearchSpace,
  reduced: KeptChoices,
  published: KeptChoices,
  seed: number,
): Arms<KeptChoices> {
  const random = controlSpace(space, reduced, createRandom(2_000_000 + seed));
  return { original: keepAll(space), reduced, published, random };
}

function mapped<T, U>({ original, reduced, published, random }: Arms<T>, map: (each: T) => U): Arms<U> {
  return {
    original: map(original),
    reduced: map(reduced),
    published: map(published),
    random: map(random),
  };
}

function sizeShare(space: SearchSpace, kept: KeptChoices): number {
  return Number(keptSize(space, kept)) / Number(spaceSize(space));
}
