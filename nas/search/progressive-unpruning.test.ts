import { describe, expect, it } from 'vitest';
import { keepAll, parseEncoding, positionsOf, sampleEncoding, type KeptChoices } from '../space/index.js';
import { createRandom } from '../stats/index.js';
import {
  convergence,
  progressiveUnpruning,
  regularizedEvolution,
  restoreProgressiveUnpruning,
  runSearch,
  SearchError,
  type Objectives,
  type Sampler,
} from './index.js';
import { space } from './testing/toy-table.js';
import { nonDominated } from '../pareto/index.js';

/** In each layer a later choice is slower and worse: the first ones are best. */
const blockLatencyMs = positionsOf(space).map(({ choices }) => choices.map((_, i) => 1 + i));
const ordered = (encoding: readonly number[]): Objectives => ({
  error: 5 + encoding.reduce((sum, choice, at) => sum + choice * (1 + at) * 0.1, 0),
  latencyMs: 3 + encoding.reduce((sum, choice) => sum + choice, 0),
});
const random = createRandom(21);
const profiled = Array.from({ length: 150 }, () => {
  const encoding = sampleEncoding(space, random);
  return { encoding, ...ordered(encoding) };
});
const isWithin = (inner: KeptChoices, outer: KeptChoices): boolean =>
  inner.every((choices, at) => choices.every((choice) => outer[at]?.includes(choice)));

describe('progressive un-pruning', () => {
  it('admits choices in the order of their scores, takes none back, and ends in the whole space', () => {
    const sampler = progressiveUnpruning(space, { seed: 1, profiled, blockLatencyMs });
    const stages: KeptChoices[] = [];
    for (let i = 0; i < 150; i++) {
      const encoding = sampler.ask();
      if (JSON.stringify(stages.at(-1)) !== JSON.stringify(sampler.kept)) stages.push(sampler.kept);
      expect(encoding.every((choice, at) => sampler.kept[at]?.includes(choice))).toBe(true);
      sampler.tell({ encoding, ...ordered(encoding) });
    }
    expect(stages.map((kept) => kept[0]?.length)).toEqual([3, 9, 14, 19, 25, 27]);
    stages.slice(1).forEach((kept, i) => {
      expect(isWithin(stages[i] ?? [], kept)).toBe(true);
    });
    expect(stages.at(-1)).toEqual(keepAll(space));
    const [first = []] = stages;
    expect(first[2]).toEqual([0, 1, 2]);
  });
  it('admits more at once where all of the pruned space is known, however patient', () => {
    const settings = { seed: 1, profiled, blockLatencyMs, patience: 1000 };
    const sampler = progressiveUnpruning(space, settings);
    runSearch(sampler, ordered, 20);
    expect(sampler.kept.map((choices) => choices.length)).toEqual([3, 3, 3]);
    runSearch(sampler, ordered, 10);
    expect(sampler.kept.map((choices) => choices.length)).toEqual([9, 9, 9]);
  });
  it('draws what the profile lacks, then prunes', () => {
    const sampler = progressiveUnpruning(space, { seed: 1, profiled: profiled.slice(0, 10), blockLatencyMs });
    runSearch(sampler, ordered, 22);
    expect(sampler.kept).toEqual(keepAll(space));
    sampler.ask();
    expect(sampler.kept.map((choices) => choices.length)).toEqual([3, 3, 3]);
  });
  it('asks for nothing that was seen or asked for, before all is', () => {
    const kept = [[0, 3, 9, 12], [2, 5, 7, 20], [1, 9, 12, 26]]; // prettier-ignore
    const sampler = progressiveUnpruning(space, {
      seed: 3,
      profiled: [],
      blockLatencyMs,
      kept,
      profileSize: 8,
    });
    const keys = Array.from({ length: 64 }, (_, i) => {
      const encoding = sampler.ask();
      if (i % 5 !== 0) sampler.tell({ encoding, ...ordered(encoding) });
      return encoding.join();
    });
    expect(new Set(keys).size).toBe(64);
  });
  it('finds a better front than evolution where errors have a structure', () => {
    const judged = (encoding: readonly number[]): Objectives => {
      const [a = 0, b = 0, c = 0] = encoding;
      return {
        error: 9 + Math.sin(a) + Math.cos(b) - 0.05 * (a + b + c) + 0.3 * Math.sin(a + 2 * b) * Number(c > 9),
        latencyMs: 3 + a + b + c,
      };
    };
    const all = Array.from({ length: 27 ** 3 }, (_, i) => judged([Math.floor(i / 729), Math.floor(i / 27) % 27, i % 27])); // prettier-ignore
    const points = all.map(({ error, latencyMs }) => [error, latencyMs]);
    const front = nonDominated(points).map((i) => points[i] ?? []);
    const igd = (sampler: Sampler): number => {
      const trials = runSearch(sampler, judged, 200);
      const columns = { error: trials.map((t) => t.error), latencyMs: trials.map((t) => t.latencyMs) };
      return convergence(columns, front, [200])[0]?.invertedGenerationalDistancePlus ?? NaN;
    };
    for (let seed = 0; seed < 4; seed++)
      expect(igd(progressiveUnpruning(space, { seed, profiled: [], blockLatencyMs }))).toBeLessThan(
        0.7 * igd(regularizedEvolution(space, { seed })),
      );
  });
  it('goes on from a checkpoint with networks still out, as if uninterrupted', () => {
    const settings = { seed: 4, profiled: profiled.slice(0, 40), blockLatencyMs };
    const one = progressiveUnpruning(space, settings);
    const late = [one.ask(), one.ask(), one.ask()];
    runSearch(one, ordered, 30);
    const two = restoreProgressiveUnpruning(space, settings, one.save());
    expect(two.kept).toEqual(one.kept);
    for (const sampler of [one, two])
      for (const encoding of late) sampler.tell({ encoding, ...ordered(encoding) });
    expect(runSearch(two, ordered, 60)).toEqual(runSearch(one, ordered, 60));
    expect(two.save()).toEqual(one.save());
  });
  it('refuses settings that make no search, other checkpoints and what is not finite', () => {
    const settings = { seed: 1, profiled: [], blockLatencyMs };
    for (const bad of [{ ratio: 1 }, { step: 0 }, { patience: 0 }, { profileSize: 0.5 }, { progress: -1 }])
      expect(() => progressiveUnpruning(space, { ...settings, ...bad })).toThrow(SearchError);
    const sampler = progressiveUnpruning(space, settings);
    expect(() => restoreProgressiveUnpruning(space, { ...settings, ratio: 0.5 }, sampler.save())).toThrow(
      /expected one of/,
    );
    const encoding = parseEncoding(space, [1, 2, 3]);
    expect(() => {
      sampler.tell({ encoding, error: Infinity, latencyMs: 1 });
    }).toThrow(/error Infinity/);
  });
});
