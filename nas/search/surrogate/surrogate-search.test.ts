import { describe, expect, it } from 'vitest';
import { hypervolume } from '../../pareto/index.js';
import {
  encodingIndex,
  isKept,
  networksOf,
  parseEncoding,
  sampleEncoding,
  type Encoding,
} from '../../space/index.js';
import { createRandom, fitGaussian, median } from '../../stats/index.js';
import {
  convergence,
  latencyLimit,
  randomSearch,
  regularizedEvolution,
  restoreSurrogateSearch,
  runSearch,
  SearchError,
  surrogateSearch,
  type Objectives,
  type Sampler,
} from '../index.js';
import { constrained, judge, space, table } from '../testing/toy-table.js';
import { clipping } from './clipped.js';
import { expectedHypervolumeImprovement, staircaseOf, type Belief } from './expected-improvement.js';
import { GrowingPosterior } from './growing-posterior.js';
import { predictedHull } from './predicted-hull.js';
import { layerTraits } from './layer-traits.js';
import { varianceShares } from './variance-shares.js';

/** Errors that choices and a pair of them make, with the additive latencies of the toy table. */
const smooth = (encoding: Encoding): Objectives => {
  const [a = 0, b = 0, c = 0] = encoding;
  const error = 8 + Math.sin(a) + 0.5 * Math.cos(b) + 0.02 * c + 0.3 * Number((a + b) % 3 === 0);
  return { error, latencyMs: table.latencyMs[encodingIndex(space, encoding)] ?? NaN };
};

const front = Array.from({ length: 27 ** 3 }, (_, i) => {
  const { error, latencyMs } = smooth(
    parseEncoding(space, [Math.floor(i / 729), Math.floor(i / 27) % 27, i % 27]),
  );
  return [error, latencyMs];
});

describe('the surrogate-assisted search', () => {
  it('comes nearer to the front than evolution and than random search with as many evaluations', () => {
    const igd = (sampler: Sampler): number => {
      const trials = runSearch(sampler, smooth, 80);
      const columns = { error: trials.map((t) => t.error), latencyMs: trials.map((t) => t.latencyMs) };
      return convergence(columns, front, [80])[0]?.invertedGenerationalDistancePlus ?? NaN;
    };
    const of = (create: (seed: number) => Sampler): number => median([1, 2, 3].map((s) => igd(create(s))));
    const assisted = of((seed) => surrogateSearch(space, { seed }));
    expect(assisted).toBeLessThan(0.5 * of((seed) => regularizedEvolution(space, { seed })));
    expect(assisted).toBeLessThan(0.5 * of((seed) => randomSearch(space, { seed })));
    const latencyOf = (encoding: Encoding): number => smooth(encoding).latencyMs;
    expect(of((seed) => surrogateSearch(space, { seed, latencyOf }))).toBeLessThan(1.1 * assisted);
  });
  it('keeps many asks open at once, all different, and answers that come late or never do not stop it', () => {
    const sampler = surrogateSearch(space, { seed: 4 });
    const told = runSearch(sampler, smooth, 40);
    const open = Array.from({ length: 40 }, () => sampler.ask());
    const keys = [...told.map(({ encoding }) => encoding), ...open].map((encoding) => encoding.join('.'));
    expect(new Set(keys).size).toBe(80);
    const restored = restoreSurrogateSearch(space, { seed: 4 }, sampler.save());
    for (const encoding of open.slice(5).reverse())
      for (const each of [sampler, restored]) each.tell({ encoding, ...smooth(encoding) });
    expect(runSearch(restored, smooth, 15)).toEqual(runSearch(sampler, smooth, 15));
    expect(restored.save()).toEqual(sampler.save());
  });
  it('is the same per seed', () => {
    const run = (seed: number): unknown => runSearch(surrogateSearch(space, { seed }), smooth, 30);
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });
  it.each([0, 1, 19, 20, 21, 27, 33])('saved after %i evaluations it goes on as if uninterrupted', (cut) => {
    const settings = { seed: 5, first: [parseEncoding(space, [7, 7, 7])], limits: [latencyLimit(6)] };
    const first = surrogateSearch(space, settings);
    const head = runSearch(first, smooth, cut);
    const second = restoreSurrogateSearch(space, settings, first.save());
    const tail = runSearch(second, smooth, 36 - cut);
    expect([...head, ...tail]).toEqual(runSearch(surrogateSearch(space, settings), smooth, 36));
    runSearch(first, smooth, 36 - cut);
    expect(second.save()).toEqual(first.save());
  });
  it('stays in the kept space and sees all of it, past its end too', () => {
    const kept = [[0, 3], [2, 5, 7], [1, 26]]; // prettier-ignore
    const trials = runSearch(surrogateSearch(space, { seed: 1, kept, initialCount: 5 }), smooth, 40);
    expect(trials.every(({ encoding }) => isKept(kept, encoding))).toBe(true);
    expect(new Set(trials.map(({ encoding }) => encoding.join('.'))).size).toBe(12);
    const one = runSearch(surrogateSearch(space, { seed: 1, kept: [[3], [4], [5]] }), smooth, 25);
    expect(new Set(one.map(({ encoding }) => encoding.join('.')))).toEqual(new Set(['3.4.5']));
  });
  it('refuses NaN, networks outside, and checkpoints of others', () => {
    const kept = [[0, 3, 9], [2, 5, 7, 20], [1, 26]]; // prettier-ignore
    const sampler = surrogateSearch(space, { seed: 1, kept });
    const told = (choices: number[], error: number) => (): void => {
      sampler.tell({ encoding: parseEncoding(space, choices), error, latencyMs: 1 });
    };
    expect(told([0, 2, 1], NaN)).toThrow(/NaN/);
    expect(told([1, 2, 1], 1)).toThrow(/outside the searched space/);
    const bytes = sampler.save();
    expect(() => restoreSurrogateSearch(space, { seed: 1 }, bytes)).toThrow(/expected one of/);
    const cut = bytes.subarray(0, bytes.length - 3);
    expect(() => restoreSurrogateSearch(space, { seed: 1, kept }, cut)).toThrow(SearchError);
    const limited = surrogateSearch(space, { seed: 1, limits: [latencyLimit(3)] }).save();
    expect(() => restoreSurrogateSearch(space, { seed: 1, limits: [latencyLimit(4)] }, limited)).toThrow(
      /expected one of/,
    );
  });
  it('asks for nothing twice while there is something new', () => {
    const kept = [[0, 3, 9], [2, 5, 7, 20], [1, 26]]; // prettier-ignore
    const trials = runSearch(surrogateSearch(space, { seed: 8, kept, initialCount: 4 }), smooth, 20);
    expect(new Set(trials.map(({ encoding }) => encoding.join('.'))).size).toBe(20);
  });
  it('spends its evaluations within a limit, and does not propose what passes one that is known beforehand', () => {
    const atMost = 5;
    const run = (limits: Parameters<typeof surrogateSearch>[1]['limits'] = []): readonly Objectives[] =>
      runSearch(surrogateSearch(space, { seed: 3, limits }), smooth, 80).slice(20);
    const within = (trials: readonly Objectives[]): number =>
      trials.filter(({ latencyMs }) => latencyMs <= atMost).length;
    expect(within(run([latencyLimit(atMost)]))).toBeGreaterThan(1.3 * within(run()));
    const known = {
      name: 'known',
      atMost,
      of: (choices: ArrayLike<number>) =>
        table.latencyMs[encodingIndex(space, parseEncoding(space, Array.from(choices)))] ?? NaN,
      isKnownBefore: true,
    };
    expect(within(run([known]))).toBe(60);
  });
  it('bears networks that failed: infinite errors', () => {
    const failing = (encoding: Encoding): Objectives =>
      (encoding[0] ?? 0) % 4 === 0 ? { error: Infinity, latencyMs: Infinity } : smooth(encoding);
    const trials = runSearch(surrogateSearch(space, { seed: 2 }), failing, 60);
    const failed = trials.slice(20).filter(({ error }) => error === Infinity);
    expect(failed.length).toBeLessThan(10);
    const all = runSearch(surrogateSearch(space, { seed: 2 }), () => ({ error: Infinity, latencyMs: 1 }), 25);
    expect(all).toHaveLength(25);
  });
  it('begins with what was evaluated before and with the networks given', () => {
    const initial = runSearch(randomSearch(space, { seed: 5 }), smooth, 20);
    const first = [parseEncoding(space, [1, 2, 3]), parseEncoding(space, [4, 5, 6])];
    const sampler = surrogateSearch(space, { seed: 1, initial, first });
    expect([sampler.ask(), sampler.ask()]).toEqual(first);
    expect(() => surrogateSearch(space, { seed: 1, initialCount: 1 })).toThrow(SearchError);
    expect(() => surrogateSearch(space, { seed: 1, kept: [[0], [0], [0]], first })).toThrow(/outside/);
  });
  it('learns where layers may be left out', () => {
    const latency = (encoding: readonly number[]): number => judge(encoding).latencyMs;
    const trials = runSearch(surrogateSearch(constrained, { seed: 1 }), judge, 70);
    for (const { encoding } of trials) expect(parseEncoding(constrained, [...encoding])).toEqual(encoding);
    const drawn = runSearch(randomSearch(constrained, { seed: 1 }), judge, 70);
    const least = (runs: typeof trials): number =>
      Math.min(...runs.map((t) => t.error + latency(t.encoding)));
    expect(least(trials)).toBeLessThan(least(drawn));
  });
});

describe('expected hypervolume improvement', () => {
  const random = createRandom(12);
  const points = Array.from({ length: 12 }, () => ({ error: random.float(), latencyMs: random.float() }));
  const [corner, volume] = [1.1, (of: readonly Objectives[]) => hypervolume(of.map((p) => [p.error, p.latencyMs]), [1.1, 1.1])]; // prettier-ignore
  const stairs = staircaseOf(points, corner, corner);
  const gained = (error: number, latencyMs: number): number =>
    error < corner && latencyMs < corner ? volume([...points, { error, latencyMs }]) - volume(points) : 0;
  /** Mean over evenly spaced quantiles. */
  const quantiles = ({ mean, deviation }: Belief): readonly number[] => {
    if (deviation === 0) return [mean];
    const ordered = Array.from({ length: 2000 }, () => mean + deviation * random.normal()).sort(
      (a, b) => a - b,
    );
    return Array.from({ length: 100 }, (_, i) => ordered[20 * i + 10] ?? NaN);
  };

  it.each([
    [
      { mean: 0.3, deviation: 0.2 },
      { mean: 0.4, deviation: 0.3 },
    ],
    [
      { mean: 0.05, deviation: 0.1 },
      { mean: 0.9, deviation: 0.2 },
    ],
    [
      { mean: 0.5, deviation: 0.3 },
      { mean: 0.2, deviation: 0 },
    ],
    [
      { mean: 0.02, deviation: 0 },
      { mean: 0.03, deviation: 0 },
    ],
  ])('is the mean of the improvements: error %j, latency %j', (ofError, ofLatency) => {
    const [errors, latencies] = [quantiles(ofError), quantiles(ofLatency)];
    let sum = 0;
    for (const error of errors) for (const latencyMs of latencies) sum += gained(error, latencyMs);
    const mean = sum / (errors.length * latencies.length);
    expect(expectedHypervolumeImprovement(stairs, ofError, ofLatency)).toBeCloseTo(mean, 2);
  });
  it('of nothing known beforehand is the volume up to the corner', () => {
    const value = expectedHypervolumeImprovement(
      staircaseOf([], 2, 3),
      { mean: 1, deviation: 0 },
      { mean: 1, deviation: 0 },
    );
    expect(value).toBeCloseTo(2, 12);
  });
});

describe('a growing posterior', () => {
  it('is the regression of all observations at once, and unchanged by what was taken back', () => {
    const random = createRandom(3);
    const n = 40;
    const points = Array.from({ length: n + 1 }, () => [random.normal(), random.normal()] as const);
    const kernel = (i: number, j: number): number => {
      const [a, b] = [points[i] ?? [0, 0], points[j] ?? [0, 0]];
      return 2 * Math.exp(-((a[0] - b[0]) ** 2) - (a[1] - b[1]) ** 2);
    };
    const targets = Float64Array.from({ length: n }, () => random.normal());
    const whole = fitGaussian(
      Float64Array.from({ length: n * n }, (_, at) => kernel(Math.floor(at / n), at % n)),
      targets,
    );
    const row = (i: number): Float64Array =>
      Float64Array.from({ length: i + 1 }, (_, j) => kernel(i, j) + Number(i === j));
    const growing = new GrowingPosterior();
    const add = (from: number, to: number): void => {
      for (let i = from; i < to; i++) growing.append(row(i), targets[i] ?? NaN);
    };
    add(0, 20);
    growing.append(row(20), null);
    growing.append(row(21), 99);
    growing.truncate(20);
    add(20, n);
    growing.weights().forEach((weight, i) => {
      expect(weight).toBeCloseTo(whole.weights[i] ?? NaN, 9);
    });
    const between = row(n).subarray(0, n);
    expect(growing.explained(between)).toBeCloseTo(whole.explained(between), 9);
  });
  it('takes an observation that is as expected to change no expectation', () => {
    const growing = new GrowingPosterior();
    growing.append(Float64Array.of(2), 1);
    const before = growing.weights().reduce((sum, weight) => sum + weight * 0.7, 0);
    growing.append(Float64Array.of(0.9, 2), null);
    const weights = growing.weights();
    expect((weights[0] ?? NaN) * 0.7 + (weights[1] ?? NaN) * 0.4).toBeCloseTo(before, 12);
  });
});

it('a hull predicted from effects holds the best network of every direction, under constraints too', () => {
  const random = createRandom(9);
  const kept = constrained.stages.length > 0 ? networksOf(constrained) : networksOf(space);
  const effects = kept.levels.map(({ width }) => Array.from({ length: width }, () => random.normal()));
  const latencies = kept.levels.map(({ width }) => Array.from({ length: width }, () => random.float()));
  const sum = (per: readonly (readonly number[])[], network: ArrayLike<number>): number =>
    per.reduce((total, layer, at) => total + (layer[network[at] ?? 0] ?? NaN), 0);
  const hull = predictedHull(kept, effects, latencies, 8);
  const drawn = Array.from({ length: 3000 }, () => sampleEncoding(constrained, random));
  hull.forEach((network) => {
    expect(parseEncoding(constrained, Array.from(network))).toEqual(Array.from(network));
    for (const other of drawn) {
      const isWorse = sum(effects, other) < sum(effects, network) && sum(latencies, other) < sum(latencies, network); // prettier-ignore
      expect(isWorse).toBe(false);
    }
  });
  expect(sum(latencies, hull[7] ?? [])).toBeLessThan(sum(latencies, hull[0] ?? []));
});

it('shares of variance go to the kernels that the targets follow', () => {
  const random = createRandom(21);
  const n = 90;
  const groups = [5, 6].map((size) => Array.from({ length: n }, () => random.int(size)));
  const kernels = groups.map((group) =>
    Float64Array.from({ length: n * n }, (_, at) => Number(group[Math.floor(at / n)] === group[at % n])),
  );
  const effects = Array.from({ length: 5 }, () => random.normal());
  const targets = Float64Array.from(
    groups[0] ?? [],
    (group) => (effects[group] ?? NaN) + 0.1 * random.normal(),
  );
  const [one = 0, other = 0, noise = 0] = varianceShares(kernels, targets, [0.4, 0.4, 0.2], 60);
  expect(one).toBeGreaterThan(30 * other);
  expect(noise).toBeGreaterThan(0.005);
  expect(noise).toBeLessThan(0.02);
});

it('choices share the traits of their blocks that tell some of the layer apart', () => {
  const [layer = []] = layerTraits(space);
  const shared = (one: number, other: number): number => layer.filter((t) => t[one] === t[other]).length;
  // Kernel, expansion, depth, each pair of them, and the choice itself.
  expect(layer).toHaveLength(7);
  // k3e1d1 with itself, with k3e1d2 (kernel, expansion, both), with k3e2d2 (kernel) and with k7e4d3.
  expect([0, 1, 4, 26].map((other) => shared(0, other))).toEqual([7, 3, 1, 0]);
});

it('clips what is far worse than usual, and nothing else', () => {
  const clip = clipping([1, 2, 3, 90, Infinity]);
  expect([1, 3, 8, 90, Infinity].map(clip)).toEqual([1, 3, 8, 8.5, 8.5]);
  expect([Infinity].map(clipping([Infinity, Infinity]))).toEqual([0]);
});
