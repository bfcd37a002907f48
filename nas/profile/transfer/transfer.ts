import { median, spearman } from '../../stats/index.js';
import { quadratic, rowTimes, type Design } from './design.js';
import { posteriorOf, type Posterior } from './posterior.js';
import { priorOf, type Prior } from './prior.js';
import {
  checkProblem,
  checkSamples,
  MIN_SAMPLES,
  type TransferProblem,
  type TransferSample,
} from './problem.js';
import { designOf } from './read-problem.js';
import { mostInformative } from './select.js';

/** A problem made ready: choose samples and predict as often as wanted. Samples of one call do not touch another. */
export interface Transfer {
  /** The `count` candidates to measure, most telling first; uses the known devices alone. */
  readonly choose: (count: number) => readonly number[];
  /** Throws ProfileError PROFILE_MISSING_RESULT below three samples and PROFILE_BAD_SAMPLES for what are no times. */
  readonly predict: (samples: readonly TransferSample[]) => TransferPrediction;
}

export interface TransferPrediction {
  /** Expected latency of every candidate, milliseconds. */
  readonly latencyMs: Float64Array;
  /** 90 % interval of what a measurement of each candidate would say, milliseconds. */
  readonly lowMs: Float64Array;
  readonly highMs: Float64Array;
  readonly explanation: TransferExplanation;
  /** Latencies in the model's own terms: only where the problem has positions. */
  readonly table: TransferTable | null;
}

/** Effects of blocks: a candidate takes `levelMs` plus the effect of its choice at every position, which are 0 on average. */
export interface TransferTable {
  readonly levelMs: number;
  readonly effectMs: readonly (readonly number[])[];
  /** Standard deviation of an effect, or of what it is above that of another choice of the position. */
  readonly deviationMs: (position: number, choice: number, above?: number) => number;
}

export interface TransferExplanation {
  /** What each known device has in the prediction, most first; the rest is features and deviations of blocks. */
  readonly devices: readonly DeviceShare[];
  readonly leaveOneOut: LeaveOneOut;
  /** Samples that do not fit any explanation, with the probability that they were disturbed: measure them again. */
  readonly disturbed: readonly { readonly candidate: number; readonly probability: number }[];
  readonly advice: TransferAdvice;
}

export interface DeviceShare {
  readonly name: string;
  readonly weight: number;
  /** Spearman's ρ with the samples; NaN where one of both is constant. */
  readonly spearman: number;
}

/** Every sample predicted from the others. */
export interface LeaveOneOut {
  /** Median of |predicted − measured| / measured, a ratio. */
  readonly medianError: number;
  readonly spearman: number;
  /** Share of samples within their 90 % interval. */
  readonly within90: number;
  readonly predictedMs: readonly number[];
}

/**
 * - `REUSE`: a known device ranks at least 20 samples as the new one does (ρ ≥ 0.95): its ranking can be used as it is.
 * - `TRANSFER`: a known device, or the prediction of samples left out, agrees well enough (ρ ≥ 0.85).
 * - `MEASURE_MORE`: no known device helps.
 */
export type TransferAdvice = 'REUSE' | 'TRANSFER' | 'MEASURE_MORE';

const REUSE_FROM = 0.95;
const REUSE_SAMPLES = 20;
const TRANSFER_FROM = 0.85;
const DISTURBED_FROM = 0.5;
/** Of the normal distribution, two-sided. */
const Z90 = 1.645;

/** Reads a problem once, in time linear in the candidates. Throws ProfileError PROFILE_BAD_SAMPLES as `checkProblem` says. */
export function transferOf(problem: TransferProblem): Transfer {
  const size = checkProblem(problem);
  const { design, known, features } = designOf(problem);
  const prior = priorOf(design, known, features, problem.positions?.blockFeatures ?? []);
  const additive = problem.positions !== undefined;
  return {
    choose: (count) => mostInformative(design, prior, count),
    predict: (samples) => {
      checkSamples(samples, size);
      const fit = fitTo(design, prior, samples, additive);
      return {
        ...intervals(
          fit,
          Array.from({ length: size }, (_, row) => row),
        ),
        explanation: explain(problem, fit, samples),
        table: additive ? tableOf(fit) : null,
      };
    },
  };
}

/** A posterior and how its values become milliseconds: scale · (1 + value), or scale · exp(value). */
interface Fit {
  readonly design: Design;
  readonly prior: Prior;
  readonly posterior: Posterior;
  readonly scaleMs: number;
  readonly additive: boolean;
}

function fitTo(design: Design, prior: Prior, samples: readonly TransferSample[], additive: boolean): Fit {
  const scaleMs = median(samples.map(({ latencyMs }) => latencyMs));
  const values = samples.map(({ latencyMs }) =>
    additive ? latencyMs / scaleMs - 1 : Math.log(latencyMs / scaleMs),
  );
  const rows = samples.map(({ candidate }) => candidate);
  return { design, prior, posterior: posteriorOf(design, prior, rows, values), scaleMs, additive };
}

function intervals(
  { design, posterior, scaleMs, additive }: Fit,
  rows: readonly number[],
): Pick<TransferPrediction, 'latencyMs' | 'lowMs' | 'highMs'> {
  const latencyMs = new Float64Array(rows.length);
  const lowMs = new Float64Array(rows.length);
  const highMs = new Float64Array(rows.length);
  const inMs = (value: number): number =>
    additive ? Math.max(0, scaleMs * (1 + value)) : scaleMs * Math.exp(value);
  for (const [at, row] of rows.entries()) {
    const value = rowTimes(design, row, posterior.mean);
    const variance = quadratic(design, posterior.covariance, row) + posterior.noise;
    const reach = Z90 * Math.sqrt(Math.max(0, variance));
    latencyMs[at] = inMs(value);
    lowMs[at] = inMs(value - reach);
    highMs[at] = inMs(value + reach);
  }
  return { latencyMs, lowMs, highMs };
}

function explain(
  { known }: TransferProblem,
  fit: Fit,
  samples: readonly TransferSample[],
): TransferExplanation {
  const { posterior } = fit;
  const measured = samples.map(({ latencyMs }) => latencyMs);
  const devices = known.map(({ name, latencyMs }, at): DeviceShare => ({
    name,
    weight: posterior.deviceWeights[at] ?? 0,
    spearman: spearman(
      samples.map(({ candidate }) => latencyMs[candidate] ?? NaN),
      measured,
    ),
  }));
  const leaveOneOut = leaveOneOutOf(fit, samples);
  const best = Math.max(...devices.map((each) => (Number.isNaN(each.spearman) ? -1 : each.spearman)));
  const helps = Math.max(best, Number.isNaN(leaveOneOut.spearman) ? -1 : leaveOneOut.spearman);
  return {
    devices: devices.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
    leaveOneOut,
    disturbed: samples.flatMap(({ candidate }, at) => {
      const probability = posterior.disturbed[at] ?? 0;
      return probability >= DISTURBED_FROM ? [{ candidate, probability }] : [];
    }),
    advice:
      best >= REUSE_FROM && samples.length >= REUSE_SAMPLES
        ? 'REUSE'
        : helps >= TRANSFER_FROM
          ? 'TRANSFER'
          : 'MEASURE_MORE',
  };
}

function leaveOneOutOf({ design, prior, additive }: Fit, samples: readonly TransferSample[]): LeaveOneOut {
  if (samples.length <= MIN_SAMPLES)
    return { medianError: NaN, spearman: NaN, within90: NaN, predictedMs: [] };
  const left = samples.map(({ candidate, latencyMs }, at) => {
    const fit = fitTo(design, prior, samples.toSpliced(at, 1), additive);
    const { latencyMs: predicted, lowMs, highMs } = intervals(fit, [candidate]);
    const [predictedMs = NaN, low = NaN, high = NaN] = [predicted[0], lowMs[0], highMs[0]];
    return {
      predictedMs,
      error: Math.abs(predictedMs / latencyMs - 1),
      within: latencyMs >= low && latencyMs <= high,
    };
  });
  const predictedMs = left.map((each) => each.predictedMs);
  return {
    medianError: median(left.map(({ error }) => error)),
    spearman: spearman(
      predictedMs,
      samples.map(({ latencyMs }) => latencyMs),
    ),
    within90: left.filter(({ within }) => within).length / left.length,
    predictedMs,
  };
}

function tableOf({ design, posterior, scaleMs }: Fit): TransferTable {
  const { firstEntries, dimension } = design;
  const { mean, covariance } = posterior;
  const cell = (a: number, b: number): number => covariance[a * dimension + b] ?? NaN;
  return {
    levelMs: scaleMs * (1 + (mean[dimension - 1] ?? NaN)),
    effectMs: firstEntries
      .slice(0, -1)
      .map((from, position) =>
        Array.from(mean.subarray(from, firstEntries[position + 1]), (effect) => scaleMs * effect),
      ),
    deviationMs: (position, choice, above) => {
      const from = firstEntries[position] ?? NaN;
      const own = cell(from + choice, from + choice);
      const variance =
        above === undefined
          ? own
          : own + cell(from + above, from + above) - 2 * cell(from + choice, from + above);
      return scaleMs * Math.sqrt(Math.max(0, variance));
    },
  };
}
