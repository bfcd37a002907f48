import {
  bestProxy,
  fromScratch,
  ridgeOnDevices,
  transferOf,
  unweightedMean,
  type Baseline,
  type TransferPrediction,
  type TransferProblem,
  type TransferSample,
} from '@espalier/nas/profile';
import {
  createRandom,
  mean,
  sampleWithoutReplacement,
  spearman,
  standardDeviation,
} from '@espalier/nas/stats';
import type { Figure } from './figure.js';
import { transferSets, type TransferSet } from './transfer-sets.js';

const SAMPLES = 10;
const DRAWS = 30;

/** What ten samples of one target device made of it. */
export interface TargetResult {
  readonly target: string;
  /** Of ours with the samples that it chose. */
  readonly chosen: number;
  /** Share of predicted candidates that lie within their 90 % interval. */
  readonly within90: number;
  readonly advice: string;
  /** Mean over draws of random samples, and the standard deviation: of ours and of the baselines. */
  readonly random: Readonly<Record<string, { readonly mean: number; readonly deviation: number }>>;
  /** The baselines with the samples that ours chose. */
  readonly baselinesOnChosen: Readonly<Record<string, number>>;
}

const BASELINES: Readonly<Record<string, Baseline>> = {
  mean: unweightedMean,
  proxy: bestProxy,
  scratch: fromScratch,
  ridge: ridgeOnDevices,
};

/**
 * HELP's protocol (Lee et al. 2021): the lowest and highest 10 % of the pool and of the candidates to predict, by the target's
 * latency, are left out; Spearman's ρ over the rest. Random samples come from the trimmed pool; ours are chosen from the whole
 * pool, since what the target would trim is not known before it measures.
 */
export function measureTarget(set: TransferSet, target: string, draws = DRAWS): TargetResult {
  const truth = set.latencyMs.get(target) ?? new Float64Array();
  const pool = trimmed(truth, 0, set.poolSize);
  const test = trimmed(truth, set.poolSize, set.poolSize + set.testSize);
  const problem = problemOf(set, target, set.poolSize + set.testSize);
  const transfer = transferOf(problem);
  const rho = (latencyMs: ArrayLike<number>): number =>
    spearman(
      test.map((at) => latencyMs[at] ?? NaN),
      test.map((at) => truth[at] ?? NaN),
    );
  const samplesOf = (candidates: readonly number[]): TransferSample[] =>
    candidates.map((candidate) => ({ candidate, latencyMs: truth[candidate] ?? NaN }));
  const chosen = samplesOf(transferOf(problemOf(set, target, set.poolSize)).choose(SAMPLES));
  const prediction = transfer.predict(chosen);
  const all: Readonly<Record<string, (samples: readonly TransferSample[]) => ArrayLike<number>>> = {
    ours: (samples) => transfer.predict(samples).latencyMs,
    ...Object.fromEntries(
      Object.entries(BASELINES).map(([name, baseline]) => [
        name,
        (samples: readonly TransferSample[]) => baseline(problem, samples),
      ]),
    ),
  };
  const random = Object.entries(all).map(([name, predict]) => {
    const found = Array.from({ length: draws }, (_, seed) =>
      rho(predict(samplesOf(sampleWithoutReplacement(pool, SAMPLES, createRandom(seed))))),
    );
    return [name, { mean: mean(found), deviation: standardDeviation(found) }] as const;
  });
  return {
    target,
    chosen: rho(prediction.latencyMs),
    within90: covered(prediction, truth, test),
    advice: prediction.explanation.advice,
    random: Object.fromEntries(random),
    baselinesOnChosen: Object.fromEntries(
      Object.entries(BASELINES).map(([name, baseline]) => [name, rho(baseline(problem, chosen))]),
    ),
  };
}

/** The rows of all sets in the folder; without it they are left out and that is said. */
export function measureTransfers(dataFolder: string | undefined): Figure[] {
  if (dataFolder !== undefined) return transferSets(dataFolder).flatMap(measureTransfer);
  console.error('transfer.spearman: left out, it needs public tables (--data FOLDER)');
  return [];
}

/** Rows of a set: means over its targets, and ours for each target; the details go to the standard error stream. */
function measureTransfer(set: TransferSet): Figure[] {
  const results = set.targets.map((target) => measureTarget(set, target));
  for (const result of results) console.error(described(set, result));
  const row = (suffix: string, value: number, peer: number | null, n: number): Figure => ({
    name: `transfer.spearman${suffix}/${set.name}`,
    value,
    unit: 'ρ',
    peer,
    ratio: peer === null ? null : value / peer,
    n,
  });
  const over = (of: (result: TargetResult) => number): number => mean(results.map(of));
  const randomOf = (name: string) => over(({ random }) => random[name]?.mean ?? NaN);
  return [
    row(
      '',
      over(({ chosen }) => chosen),
      set.help ?? set.reach,
      results.length,
    ),
    row('.random', randomOf('ours'), set.help ?? set.reach, DRAWS * results.length),
    ...Object.keys(BASELINES).map((name) => row(`.${name}`, randomOf(name), null, DRAWS * results.length)),
    ...Object.keys(BASELINES).map((name) =>
      row(
        `.${name}.chosen`,
        over(({ baselinesOnChosen }) => baselinesOnChosen[name] ?? NaN),
        null,
        results.length,
      ),
    ),
    {
      name: `transfer.within90/${set.name}`,
      value: over(({ within90 }) => within90),
      unit: '',
      peer: 0.9,
      ratio: over(({ within90 }) => within90) / 0.9,
      n: results.length,
    },
  ];
}

function problemOf(set: TransferSet, target: string, size: number): TransferProblem {
  const { positions, features } = set;
  return {
    known: set.knownFor(target).map((name) => ({
      name,
      latencyMs: (set.latencyMs.get(name) ?? new Float64Array()).subarray(0, size),
    })),
    ...(positions && { positions: { ...positions, encodings: positions.encodings.slice(0, size) } }),
    ...(features && {
      features: features.map(({ name, values }) => ({ name, values: Array.from(values).slice(0, size) })),
    }),
  };
}

/** Candidates from…to without the tenth that is fastest and the tenth that is slowest. */
function trimmed(latencyMs: Float64Array, from: number, to: number): readonly number[] {
  const order = Array.from({ length: to - from }, (_, at) => from + at).sort(
    (a, b) => (latencyMs[a] as number) - (latencyMs[b] as number),
  );
  return order.slice(Math.floor(0.1 * order.length), Math.floor(0.9 * order.length));
}

function covered(
  { lowMs, highMs }: TransferPrediction,
  truth: Float64Array,
  candidates: readonly number[],
): number {
  const within = candidates.filter((at) => {
    const ms = truth[at] ?? NaN;
    return ms >= (lowMs[at] ?? NaN) && ms <= (highMs[at] ?? NaN);
  });
  return within.length / candidates.length;
}

function described(set: TransferSet, { target, chosen, within90, advice, random }: TargetResult): string {
  const draws = Object.entries(random).map(
    ([name, { mean: average, deviation }]) => `${name} ${average.toFixed(3)} ± ${deviation.toFixed(3)}`,
  );
  return `${set.name}/${target}: chosen ${chosen.toFixed(3)}, within 90 % interval ${within90.toFixed(2)}, ${advice}; random: ${draws.join(', ')}`;
}
