import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonDominated } from '../pareto/index.js';
import { encodingIndex, isKept, parseEncoding } from '../space/index.js';
import { createRandom } from '../stats/index.js';
import { PlainNsga2 } from './testing/plain-nsga2.js';
import { constrained, evaluate, judge, reference, space, table } from './testing/toy-table.js';
import {
  convergence,
  errorLimit,
  latencyLimit,
  nsga2,
  randomSearch,
  regularizedEvolution,
  restoreNsga2,
  runSearch,
  runTableSearch,
  SearchError,
  tableTrials,
  violation,
  type Nsga2Settings,
  type Objectives,
} from './index.js';
import { Ranking } from './ranking.js';
import { rankingPlain, survivorsPlain, type Member } from './ranking-plain.js';
import { markSurvivors } from './survival.js';

describe('ranks, crowding and survival under limits', () => {
  const level = fc.integer({ min: 0, max: 6 });
  const value = fc.oneof(level, fc.double({ min: 0, max: 6, noNaN: true }), fc.constant(Infinity));
  const member = fc.record({
    genome: fc.tuple(fc.integer({ min: 0, max: 2 })),
    error: value,
    latencyMs: value,
    violation: fc.oneof(fc.constant(0), fc.constant(0), level),
  });
  const populations = fc.array(member, { minLength: 1, maxLength: 40 });

  it('are those of the definitions', () => {
    fc.assert(
      fc.property(populations, fc.nat(), fc.integer(), (members, pick, seed) => {
        const { ranking, order, isCopy } = arranged(members);
        ranking.assign(order, members.length, isCopy);
        const plain = rankingPlain(members);
        expect([...ranking.rank]).toEqual(plain.rank);
        expect([...ranking.crowding]).toEqual(plain.crowding);
        const keep = 1 + (pick % members.length);
        const lives = new Uint8Array(members.length);
        const [one, two] = [createRandom(seed), createRandom(seed)];
        markSurvivors(ranking, members.length, keep, lives, new Float64Array(members.length), one);
        expect([...lives.keys()].filter((i) => lives[i] === 1)).toEqual(
          survivorsPlain(members, keep, (n) => two.int(n)),
        );
        expect(one.state()).toEqual(two.state());
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each([
  ['generational', {}],
  ['steady-state', { childCount: 1 }],
] as const)('NSGA-II, %s', (_, mode) => {
  const settings: Nsga2Settings = { seed: 4, populationSize: 40, ...mode };

  it('is the same per seed, by ask and tell as in the table, in slices of any size', () => {
    const told = runSearch(nsga2(space, settings), evaluate, 700);
    const trials = tableTrials(700);
    const sampler = nsga2(space, settings);
    for (const slice of [1, 39, 60, 600]) runTableSearch(sampler, table, trials, slice);
    expect([...trials.indices]).toEqual(told.map(({ encoding }) => encodingIndex(space, encoding)));
    expect(runSearch(nsga2(space, { ...settings, seed: 5 }), evaluate, 700)).not.toEqual(told);
  });
  it.each([
    ['in the whole space', {}],
    [
      'in a small one, where copies abound',
      {
        kept: [
          [0, 3, 9, 12],
          [2, 5, 7, 20],
          [1, 8, 26],
        ],
      },
    ],
    ['under limits', { limits: [latencyLimit(4), errorLimit(8.6)] }],
    ['with other rates', { crossoverRate: 0.2, mutatedLayers: 2 }],
  ])('proposes what the plain version proposes, %s', (_, more: Partial<Nsga2Settings>) => {
    const both = { populationSize: 20, childCount: 20, ...mode, ...more, seed: 9 };
    const plain = new PlainNsga2(space, both);
    const fast = nsga2(space, both);
    for (let i = 0; i < 400; i++) {
      const encoding = fast.ask();
      expect(`${String(i)}: ${encoding.join()}`).toBe(`${String(i)}: ${plain.ask().join()}`);
      const told = { encoding, ...evaluate(encoding) };
      fast.tell(told);
      plain.tell(told);
    }
  });
  it.each([0, 1, 39, 40, 41, 79, 80, 333])('saved after %i evaluations it goes on uninterrupted', (cut) => {
    const limited = { ...settings, limits: [latencyLimit(5)] };
    const whole = runSearch(nsga2(space, limited), evaluate, 500);
    const first = nsga2(space, limited);
    const head = runSearch(first, evaluate, cut);
    const second = restoreNsga2(space, limited, first.save());
    expect([...head, ...runSearch(second, evaluate, 500 - cut)]).toEqual(whole);
    runSearch(first, evaluate, 500 - cut);
    expect(second.save()).toEqual(first.save());
  });
  it('takes answers in any order, late, never, and of networks never asked for', () => {
    const sampler = nsga2(space, settings);
    const open = Array.from({ length: 60 }, () => sampler.ask());
    for (const encoding of open.slice(5).reverse()) sampler.tell({ encoding, ...evaluate(encoding) });
    runSearch(sampler, evaluate, 100);
    const own = parseEncoding(space, [1, 1, 1]);
    sampler.tell({ encoding: own, ...evaluate(own) });
    expect(() => sampler.ask()).not.toThrow();
  });
  it('finds a better front than random search with as many evaluations', () => {
    const igd = (trials: readonly Objectives[]): number =>
      convergence(
        { error: trials.map((t) => t.error), latencyMs: trials.map((t) => t.latencyMs) },
        reference,
        [1000],
      )[0]?.invertedGenerationalDistancePlus ?? NaN;
    let wins = 0;
    for (let seed = 0; seed < 8; seed++) {
      const evolved = igd(runSearch(nsga2(space, { ...settings, seed }), evaluate, 1000));
      if (evolved < igd(runSearch(randomSearch(space, { seed }), evaluate, 1000))) wins++;
    }
    expect(wins).toBeGreaterThanOrEqual(7);
  });
  it('under a latency limit finds more of what it admits than without', () => {
    const limit = 4;
    const feasibleFront = (limits: Nsga2Settings['limits'] = []): number => {
      const trials = runSearch(nsga2(space, { ...settings, limits }), evaluate, 600);
      return trials.filter(({ latencyMs }) => latencyMs <= limit).length;
    };
    expect(feasibleFront([latencyLimit(limit)])).toBeGreaterThan(1.5 * feasibleFront());
  });
  it('stays in the kept space, of one network too', () => {
    const kept = [[0, 3, 9], [2, 5, 7, 20], [1, 26]]; // prettier-ignore
    const trials = runSearch(nsga2(space, { ...settings, kept }), evaluate, 500);
    expect(trials.every(({ encoding }) => isKept(kept, encoding))).toBe(true);
    expect(new Set(trials.map(({ encoding }) => encoding.join())).size).toBe(24);
    const single = runSearch(nsga2(space, { ...settings, kept: [[3], [4], [5]] }), evaluate, 200);
    expect(new Set(single.map(({ encoding }) => encoding.join('.')))).toEqual(new Set(['3.4.5']));
  });
  it('asks for networks only where constraints tie layers together', () => {
    const sampler = nsga2(constrained, { ...settings, mutatedLayers: 3 });
    for (let i = 0; i < 400; i++) {
      const encoding = sampler.ask();
      expect(parseEncoding(constrained, [...encoding])).toEqual(encoding);
      sampler.tell({ encoding, ...judge(encoding) });
    }
  });
  it('evaluates given networks first and begins where others ended', () => {
    const first = [[0, 2, 1], [3, 5, 26]].map((each) => parseEncoding(space, each)); // prettier-ignore
    const begun = runSearch(nsga2(space, { ...settings, first }), evaluate, 3);
    expect(begun.slice(0, 2).map(({ encoding }) => encoding)).toEqual(first);
    const initial = runSearch(regularizedEvolution(space, { seed: 2 }), evaluate, 300);
    const child = nsga2(space, { ...settings, crossoverRate: 0, mutatedLayers: 0, initial }).ask();
    const isParent = (parent: readonly number[]): boolean =>
      parent.filter((choice, at) => choice !== child[at]).length === 1;
    expect(initial.some(({ encoding }) => isParent(encoding))).toBe(true);
  });
});

describe('NSGA-II', () => {
  it('finds most of the front with a fifth of the evaluations that would find all of it', () => {
    const sampler = nsga2(space, { seed: 1, populationSize: 400 });
    const trials = runSearch(sampler, evaluate, 4000);
    const points = trials.map(({ error, latencyMs }) => [error, latencyMs]);
    const found = new Set(nonDominated(points).map((i) => points[i]?.join() ?? ''));
    const trueFront = reference.filter((point) => found.has(point.join()));
    expect(trueFront.length / reference.length).toBeGreaterThan(0.5);
  });
  it('refuses what it cannot work with', () => {
    const bad: readonly Partial<Nsga2Settings>[] = [
      { populationSize: 0 }, { childCount: 1.5 }, { crossoverRate: 1.1 }, { mutatedLayers: -1 },
      { limits: [latencyLimit(NaN)] },
    ]; // prettier-ignore
    for (const each of bad) expect(() => nsga2(space, { seed: 1, ...each })).toThrow(SearchError);
    const sampler = nsga2(space, { seed: 1 });
    const encoding = parseEncoding(space, [0, 0, 0]);
    expect(() => {
      sampler.tell({ encoding, error: NaN, latencyMs: 1 });
    }).toThrow(/NaN/);
    expect(() => restoreNsga2(space, { seed: 1, limits: [latencyLimit(3)] }, sampler.save())).toThrow(
      /expected one of/,
    );
    expect(() => restoreNsga2(space, { seed: 1 }, sampler.save().subarray(0, 9))).toThrow(SearchError);
  });
  it('counts what passes limits in units of them', () => {
    const params = { name: 'params', atMost: 10, of: (choices: ArrayLike<number>) => choices[0] ?? NaN };
    expect(violation([latencyLimit(4), params], [15], { error: 1, latencyMs: 5 })).toBe(0.75);
    expect(violation([latencyLimit(4), params], [10], { error: 1, latencyMs: 4 })).toBe(0);
    expect(violation([params], [], { error: 1, latencyMs: 4 })).toBe(Infinity);
  });
});

function arranged(members: readonly Member[]): {
  readonly ranking: Ranking;
  readonly order: Uint16Array;
  readonly isCopy: Uint8Array;
} {
  const [error, latency, violations] = (['error', 'latencyMs', 'violation'] as const).map((key) =>
    Float64Array.from(members, (member) => member[key]),
  ) as [Float64Array, Float64Array, Float64Array];
  const order = Uint16Array.from(members.keys()).sort(
    (i, j) =>
      Number((error[i] ?? 0) > (error[j] ?? 0)) - Number((error[i] ?? 0) < (error[j] ?? 0)) ||
      Number((latency[i] ?? 0) > (latency[j] ?? 0)) - Number((latency[i] ?? 0) < (latency[j] ?? 0)) ||
      i - j,
  );
  const keys = members.map(({ genome, error: e, latencyMs }) => [genome.join(), e, latencyMs].join());
  const isCopy = Uint8Array.from(keys, (key, i) => Number(keys.indexOf(key) < i));
  return { ranking: new Ranking(members.length, error, latency, violations), order, isCopy };
}
