import { describe, expect, it } from 'vitest';
import { createRandom, sampleWithoutReplacement, spearman, type Random } from '../../stats/index.js';
import { ProfileError } from '../error.js';
import { bestProxy, fromScratch, ridgeOnDevices, unweightedMean } from './baselines.js';
import type { KnownDevice, Positions, TransferProblem, TransferSample } from './problem.js';
import { transferOf } from './transfer.js';

const SEED = 5;
const SIZE = 600;
const CHOICES = [4, 4, 4, 4, 4, 4];

describe('transfer between devices', () => {
  it('recovers a device that is a combination of known ones, from ten samples', () => {
    const { problem, combine } = additiveWorld();
    const truth = combine([0.5, 0.1, 0.4]);
    const { latencyMs } = predicted(problem, truth, 10);
    for (const [at, ms] of latencyMs.entries())
      expect(Math.abs(ms / (truth[at] ?? NaN) - 1)).toBeLessThan(0.02);
  });

  it('predicts a device equal to a known one, gives that one the most weight and says after 20 samples that it can be reused', () => {
    const { problem } = additiveWorld();
    const truth = problem.known[1]?.latencyMs ?? [];
    expect(predicted(problem, truth, 10).explanation.advice).toBe('TRANSFER');
    const { latencyMs, explanation } = predicted(problem, truth, 20);
    expect(spearman(latencyMs, truth)).toBeGreaterThan(0.99);
    expect(explanation.devices[0]?.name).toBe('device 1');
    expect(explanation.advice).toBe('REUSE');
    expect(explanation.leaveOneOut.medianError).toBeLessThan(0.03);
  });

  it('returns a table whose sums are the predictions', () => {
    const { problem, combine, positions } = additiveWorld();
    const { latencyMs, table } = predicted(problem, combine([1, 0, 1]), 10);
    for (const [at, encoding] of positions.encodings.entries()) {
      const sum = CHOICES.reduce(
        (total, _, position) => total + (table?.effectMs[position]?.[encoding[position] ?? -1] ?? NaN),
        table?.levelMs ?? NaN,
      );
      expect(sum).toBeCloseTo(latencyMs[at] ?? NaN, 6);
    }
  });

  it('is nearer than the baselines where blocks deviate from every known device', () => {
    const { problem, combine, positions } = additiveWorld();
    const random = createRandom(SEED + 1);
    const prices = positions.blockFeatures[0]?.values ?? [];
    const truth = combine([0.3, 0.3, 0]).map(
      (ms, at) =>
        ms + sumOver(positions, at, (p, c) => 0.5 * (prices[p]?.[c] ?? NaN)) + 0.01 * random.normal(),
    );
    const transfer = transferOf(problem);
    const samples = samplesOf(truth, transfer.choose(10));
    const ours = spearman(transfer.predict(samples).latencyMs, truth);
    for (const baseline of [bestProxy, fromScratch, ridgeOnDevices, unweightedMean])
      expect(ours).toBeGreaterThan(spearman(baseline(problem, samples), truth));
  });

  it('chooses samples that tell more than random ones', () => {
    const { problem, combine } = additiveWorld();
    const truth = combine([0.2, -0.1, 0.6]);
    const transfer = transferOf(problem);
    const error = (candidates: readonly number[]): number => {
      const { latencyMs } = transfer.predict(samplesOf(truth, candidates));
      return latencyMs.reduce((sum, ms, at) => sum + (ms - (truth[at] ?? NaN)) ** 2, 0);
    };
    const all = Array.from({ length: SIZE }, (_, at) => at);
    const drawn = Array.from({ length: 9 }, (_, seed) =>
      error(sampleWithoutReplacement(all, 6, createRandom(seed))),
    ).sort((a, b) => a - b);
    expect(error(transfer.choose(6))).toBeLessThan(drawn[4] ?? NaN);
  });

  it('holds about nine measurements of ten within its intervals', () => {
    const { problem, combine } = additiveWorld();
    const random = createRandom(SEED + 2);
    const truth = combine([0.5, 0.5, 0.2]).map((ms) => ms * (1 + 0.03 * random.normal()));
    const { lowMs, highMs } = predicted(problem, truth, 20);
    const within = truth.filter((ms, at) => ms >= (lowMs[at] ?? NaN) && ms <= (highMs[at] ?? NaN));
    expect(within.length / SIZE).toBeGreaterThan(0.8);
  });

  it('finds the one disturbed sample and is hardly misled by it', () => {
    const { problem, combine } = additiveWorld();
    const truth = combine([0.5, 0.1, 0.4]);
    const transfer = transferOf(problem);
    const samples = samplesOf(truth, transfer.choose(10));
    const disturbed = samples.map((sample, at) =>
      at === 3 ? { ...sample, latencyMs: 3 * sample.latencyMs } : sample,
    );
    const { latencyMs, explanation } = transfer.predict(disturbed);
    expect(explanation.disturbed.map(({ candidate }) => candidate)).toEqual([samples[3]?.candidate]);
    expect(spearman(latencyMs, truth)).toBeGreaterThan(0.95);
  });

  it('asks for more measurements where no known device helps', () => {
    const { problem } = additiveWorld();
    const random = createRandom(SEED + 3);
    const truth = Float64Array.from({ length: SIZE }, () => 1 + random.float());
    expect(predicted(problem, truth, 10).explanation.advice).toBe('MEASURE_MORE');
  });

  it('is the same for the same samples and for any order of known devices', () => {
    const { problem, combine } = additiveWorld();
    const truth = combine([0.5, 0.1, 0.4]);
    const turned = { ...problem, known: problem.known.toReversed() };
    const candidates = transferOf(problem).choose(10);
    const [first, again, other] = [problem, problem, turned].map((each) =>
      transferOf(each).predict(samplesOf(truth, candidates)),
    );
    expect(again?.latencyMs).toEqual(first?.latencyMs);
    expect(again?.explanation).toEqual(first?.explanation);
    for (const [at, ms] of (other?.latencyMs ?? []).entries())
      expect(ms).toBeCloseTo(first?.latencyMs[at] ?? NaN, 6);
  });

  it('works with duplicates of a device, constant devices, one device and fewer samples than devices', () => {
    const { problem, combine } = additiveWorld();
    const truth = combine([0.5, 0.1, 0.4]);
    const [first] = problem.known;
    const constant: KnownDevice = { name: 'constant', latencyMs: new Float64Array(SIZE).fill(2) };
    if (first === undefined) throw new Error('the world has devices');
    for (const known of [[first, first, first], [constant, first], [constant], [first], problem.known])
      for (const count of [3, 4]) {
        const { latencyMs } = predicted({ ...problem, known }, truth, count);
        expect(latencyMs.every((ms) => Number.isFinite(ms) && ms >= 0)).toBe(true);
      }
  });

  it('works without positions on logarithms, as for single blocks', () => {
    const random = createRandom(SEED);
    const macs = Array.from({ length: SIZE }, () => 3 * random.normal());
    const traffic = Array.from({ length: SIZE }, () => 3 * random.normal());
    const device = (a: number, b: number): Float64Array =>
      Float64Array.from(macs, (m, at) => Math.exp(a * m + b * (traffic[at] ?? NaN)));
    const problem: TransferProblem = {
      known: [
        { name: 'a', latencyMs: device(1, 0.1) },
        { name: 'b', latencyMs: device(0.2, 1) },
      ],
      features: [{ name: 'log MACs', values: macs }],
    };
    const truth = device(0.6, 0.4);
    const { latencyMs, table } = predicted(problem, truth, 10);
    expect(spearman(latencyMs, truth)).toBeGreaterThan(0.99);
    expect(table).toBeNull();
  });

  it('keeps what blocks do together when several devices show it, and drops what one alone shows', () => {
    const { problem, combine, positions } = additiveWorld();
    const random = createRandom(SEED + 4);
    const together = (at: number): number =>
      positions.encodings[at]?.[0] === positions.encodings[at]?.[1] ? 1.5 : 0;
    const known = problem.known.map(({ name, latencyMs }) => ({
      name,
      latencyMs: Float64Array.from(latencyMs, (ms, at) => ms + together(at)),
    }));
    const truth = combine([0.4, 0.3, 0.3]).map((ms, at) => ms + together(at));
    const noisy = problem.known.map(({ name, latencyMs }) => ({
      name,
      latencyMs: Float64Array.from(latencyMs, (ms) => ms + 0.5 * random.float()),
    }));
    const agreement = (devices: readonly KnownDevice[], on: ArrayLike<number>): number =>
      spearman(predicted({ ...problem, known: devices }, on, 10).latencyMs, on);
    expect(agreement(known, truth)).toBeGreaterThan(agreement(problem.known, truth));
    expect(agreement(noisy, combine([0.4, 0.3, 0.3]))).toBeGreaterThan(0.97);
  });

  it('handles 20,000 candidates on 30 devices', () => {
    const random = createRandom(SEED);
    const positions = positionsOf(20_000, random);
    const bases = [0, 1, 2].map((at) => deviceOf(positions, `base ${String(at)}`, random));
    const mixture = (): Float64Array => {
      const weights = bases.map(() => random.float());
      return Float64Array.from(positions.encodings, (_, row) =>
        bases.reduce((sum, { latencyMs }, at) => sum + (weights[at] ?? 0) * (latencyMs[row] ?? NaN), 0),
      );
    };
    const known = Array.from({ length: 30 }, (_, at) => ({
      name: `device ${String(at)}`,
      latencyMs: mixture(),
    }));
    const truth = mixture();
    expect(spearman(predicted({ known, positions }, truth, 10).latencyMs, truth)).toBeGreaterThan(0.98);
  });
});

describe('what cannot be transferred is refused', () => {
  const { problem, positions } = additiveWorld();
  const [device] = problem.known;
  const broken = (at: number, value: number): KnownDevice => ({
    name: 'broken',
    latencyMs: Float64Array.from({ length: SIZE }, (_, row) => (row === at ? value : 1)),
  });
  it.each<[string, TransferProblem, RegExp]>([
    ['no device', { known: [] }, /no known device/],
    ['no candidate', { known: [{ name: 'a', latencyMs: [] }] }, /no candidate/],
    ['a missing latency', { known: [broken(3, NaN)] }, /broken: value 3 is NaN/],
    ['a latency of 0', { known: [broken(0, 0)] }, /value 0 is 0/],
    ['an endless latency', { known: [broken(7, Infinity)] }, /value 7 is Infinity/],
    [
      'a device with fewer candidates',
      { known: [...problem.known, { name: 'few', latencyMs: [1] }] },
      /few: expected 600/,
    ],
    [
      'a feature that is no number',
      { known: problem.known, features: [{ name: 'x', values: broken(5, NaN).latencyMs }] },
      /x: value 5/,
    ],
    [
      'a choice that a position lacks',
      { ...problem, positions: { ...positions, choices: [3, ...CHOICES.slice(1)] } },
      /no choice 3/,
    ],
    [
      'features of blocks for other choices',
      { ...problem, positions: { ...positions, blockFeatures: [{ name: 'f', values: [[1]] }] } },
      /f: expected 6/,
    ],
  ])('%s', (_, bad, message) => {
    expect(() => transferOf(bad)).toThrow(
      expect.objectContaining({
        code: 'PROFILE_BAD_SAMPLES',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });

  it.each<[string, readonly TransferSample[], string]>([
    ['two samples', samplesOf(device?.latencyMs ?? [], [1, 2]), 'PROFILE_MISSING_RESULT'],
    ['a candidate twice', samplesOf(device?.latencyMs ?? [], [1, 2, 2]), 'PROFILE_BAD_SAMPLES'],
    [
      'a candidate that is not there',
      [...samplesOf(device?.latencyMs ?? [], [1, 2]), { candidate: SIZE, latencyMs: 1 }],
      'PROFILE_BAD_SAMPLES',
    ],
    [
      'a time that is none',
      [...samplesOf(device?.latencyMs ?? [], [1, 2]), { candidate: 3, latencyMs: -1 }],
      'PROFILE_BAD_SAMPLES',
    ],
  ])('%s', (_, samples, code) => {
    expect(() => transferOf(problem).predict(samples)).toThrow(ProfileError);
    expect(() => transferOf(problem).predict(samples)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

function additiveWorld(): {
  readonly problem: TransferProblem;
  readonly positions: Positions;
  readonly combine: (weights: readonly number[]) => Float64Array;
} {
  const random = createRandom(SEED);
  const positions = positionsOf(SIZE, random);
  const known = [0, 1, 2].map((at) => deviceOf(positions, `device ${String(at)}`, random));
  const combine = (weights: readonly number[]): Float64Array =>
    Float64Array.from({ length: SIZE }, (_, row) =>
      known.reduce((sum, { latencyMs }, at) => sum + (weights[at] ?? 0) * (latencyMs[row] ?? NaN), 0),
    );
  return { problem: { known, positions }, positions, combine };
}

function positionsOf(size: number, random: Random): Positions {
  const values = CHOICES.map((count) => Array.from({ length: count }, () => random.float()));
  return {
    choices: CHOICES,
    encodings: Array.from({ length: size }, () => CHOICES.map((count) => random.int(count))),
    blockFeatures: [{ name: 'multiply-accumulates', values }],
  };
}

function deviceOf(positions: Positions, name: string, random: Random): KnownDevice {
  const table = CHOICES.map((count) => Array.from({ length: count }, () => 0.2 + random.float()));
  return {
    name,
    latencyMs: Float64Array.from(
      positions.encodings,
      (_, at) => 1 + sumOver(positions, at, (p, c) => table[p]?.[c] ?? NaN),
    ),
  };
}

function sumOver(
  { encodings }: Positions,
  at: number,
  of: (position: number, choice: number) => number,
): number {
  return CHOICES.reduce((sum, _, position) => sum + of(position, encodings[at]?.[position] ?? -1), 0);
}

function samplesOf(truth: ArrayLike<number>, candidates: readonly number[]): readonly TransferSample[] {
  return candidates.map((candidate) => ({ candidate, latencyMs: truth[candidate] ?? NaN }));
}

function predicted(
  problem: TransferProblem,
  truth: ArrayLike<number>,
  count: number,
): ReturnType<ReturnType<typeof transferOf>['predict']> {
  const transfer = transferOf(problem);
  return transfer.predict(samplesOf(truth, transfer.choose(count)));
}
