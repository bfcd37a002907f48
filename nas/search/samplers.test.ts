import { describe, expect, it } from 'vitest';
import { hypervolume, nonDominated } from '../pareto/index.js';
import {
  encodingIndex,
  family,
  isKept,
  keptSize,
  neighbours,
  parseEncoding,
  positionsOf,
  sampleEncoding,
  type KeptChoices,
  type SearchSpace,
} from '../space/index.js';
import { createRandom } from '../stats/index.js';
import { addToFront, type Archived } from './archive.js';
import { Genomes } from './genomes.js';
import {
  constrainedEvolution,
  convergence,
  exhaustiveSearch,
  latencyLimit,
  localSearch,
  nsga2,
  progressiveUnpruning,
  randomMutationSearch,
  randomSearch,
  regularizedEvolution,
  restoreConstrainedEvolution,
  restoreExhaustiveSearch,
  restoreLocalSearch,
  restoreNsga2,
  restoreProgressiveUnpruning,
  restoreRandomMutationSearch,
  restoreRandomSearch,
  restoreRegularizedEvolution,
  runSearch,
  SearchError,
  unitsOf,
  type Evaluated,
  type Limit,
  type Objectives,
  type ProgressiveUnpruningSettings,
  type Sampler,
} from './index.js';
import { constrained, evaluate, judge, reference, space } from './testing/toy-table.js';
import { changeUnit, depthOf } from './units.js';

interface Settings {
  readonly seed: number;
  readonly kept?: KeptChoices;
  readonly limits?: readonly Limit[];
}
type Create = (space: SearchSpace, settings: Settings) => Sampler;
type Restore = (space: SearchSpace, settings: Settings, bytes: Uint8Array) => Sampler;

/** Many random networks first: the model is slow beside the searches here. */
const unpruning = (s: SearchSpace): Omit<ProgressiveUnpruningSettings, 'seed'> => ({
  profiled: [],
  profileSize: 90,
  blockLatencyMs: positionsOf(s).map(({ choices }, layer) =>
    choices.map((_, i) => 1 + ((i * 7 + layer) % 27) / 10),
  ),
});

const samplers: readonly (readonly [string, Create, Restore])[] = [
  ['random search', randomSearch, restoreRandomSearch],
  ['exhaustive search', exhaustiveSearch, restoreExhaustiveSearch],
  ['regularized evolution', regularizedEvolution, restoreRegularizedEvolution],
  [
    'progressive un-pruning',
    (s, settings) => progressiveUnpruning(s, { ...settings, ...unpruning(s) }),
    (s, settings, bytes) => restoreProgressiveUnpruning(s, { ...settings, ...unpruning(s) }, bytes),
  ],
  ['NSGA-II', nsga2, restoreNsga2],
  ['local search', localSearch, restoreLocalSearch],
  ['random mutation', randomMutationSearch, restoreRandomMutationSearch],
  [
    'random mutation for accuracy',
    (s, settings) => randomMutationSearch(s, { ...settings, parents: 'accuracy' }),
    (s, settings, bytes) => restoreRandomMutationSearch(s, { ...settings, parents: 'accuracy' }, bytes),
  ],
  ['constrained evolution', constrainedEvolution, restoreConstrainedEvolution],
];

const kept = [[0, 3, 9], [2, 5, 7, 20], [1, 26]]; // prettier-ignore

describe.each(samplers)('%s', (name, create, restore) => {
  it('is the same per seed', () => {
    const run = (seed: number): unknown => runSearch(create(space, { seed }), evaluate, 250);
    expect(run(3)).toEqual(run(3));
    if (name !== 'exhaustive search') expect(run(3)).not.toEqual(run(4));
  });
  it.each([0, 1, 19, 99, 100, 101, 301])(
    'saved after %i evaluations it goes on as if uninterrupted',
    (cut) => {
      const settings = { seed: 5 };
      const whole = runSearch(create(space, settings), evaluate, 420);
      const first = create(space, settings);
      const head = runSearch(first, evaluate, cut);
      const second = restore(space, settings, first.save());
      expect([...head, ...runSearch(second, evaluate, 420 - cut)]).toEqual(whole);
      runSearch(first, evaluate, 420 - cut);
      expect(second.save()).toEqual(first.save());
    },
  );
  it('stays in the kept space and sees all of it, past its end too', () => {
    const trials = runSearch(create(space, { seed: 1, kept }), evaluate, 600);
    expect(trials.every(({ encoding }) => isKept(kept, encoding))).toBe(true);
    const seen = new Set(trials.map(({ encoding }) => encoding.join()));
    // Those that only look for accuracy need not see all.
    expect(seen.size).toBeGreaterThanOrEqual(name.includes('accuracy') || name.startsWith('con') ? 8 : 24);
    const one = runSearch(create(space, { seed: 1, kept: [[3], [4], [5]] }), evaluate, 250);
    expect(new Set(one.map(({ encoding }) => encoding.join('.')))).toEqual(new Set(['3.4.5']));
  });
  it('asks for networks only, where depths and constraints tie layers together', () => {
    const settings = { seed: 2 };
    let sampler = create(constrained, settings);
    for (let i = 0; i < 330; i++) {
      const encoding = sampler.ask();
      expect(parseEncoding(constrained, [...encoding])).toEqual(encoding);
      sampler.tell({ encoding, ...judge(encoding) });
      if (i === 215) sampler = restore(constrained, settings, sampler.save());
    }
  });
  it('takes answers late, in any order, never, and of networks never asked for', () => {
    const sampler = create(space, { seed: 6 });
    const open = Array.from({ length: 130 }, () => sampler.ask());
    for (const encoding of open.slice(7).reverse()) sampler.tell({ encoding, ...evaluate(encoding) });
    const own = parseEncoding(space, [1, 1, 1]);
    sampler.tell({ encoding: own, ...evaluate(own) });
    expect(runSearch(sampler, evaluate, 200)).toHaveLength(200);
  });
  it('refuses NaN, networks outside, and checkpoints of others', () => {
    const sampler = create(space, { seed: 1, kept });
    const told = (choices: number[], error: number): (() => void) => {
      const encoding = parseEncoding(space, choices);
      return () => {
        sampler.tell({ encoding, error, latencyMs: 1 });
      };
    };
    if (name !== 'random search') {
      expect(told([0, 2, 1], NaN)).toThrow(/NaN/);
      expect(told([1, 2, 1], 1)).toThrow(/outside the searched space/);
    }
    const bytes = sampler.save();
    expect(() => restore(space, { seed: 1 }, bytes)).toThrow(/expected one of/);
    expect(() => restore(space, { seed: 1, kept }, bytes.subarray(0, bytes.length - 3))).toThrow(SearchError);
  });
});

const limited = samplers.slice(4);

describe.each(limited)('%s under limits', (_name, create, restore) => {
  it('refuses a checkpoint taken under another limit', () => {
    const bytes = create(space, { seed: 1, limits: [latencyLimit(3)] }).save();
    expect(() => restore(space, { seed: 1, limits: [latencyLimit(4)] }, bytes)).toThrow(/expected one of/);
  });
});

// Local search and random mutation are left out: their parents are the front itself, few under a limit, and they lose ways round.
describe.each(limited.filter(([name]) => !['local search', 'random mutation'].includes(name)))(
  '%s under a limit of latency',
  (_name, create) => {
    it('finds more within it than without one', () => {
      const atMostMs = 4.2;
      const additive = (encoding: Evaluated['encoding']): Objectives => ({
        error: encoding.reduce((sum, choice, layer) => sum + ((choice * 5 + layer) % 27) / 60, 8),
        latencyMs: evaluate(encoding).latencyMs,
      });
      const found = (limits: readonly Limit[]): number =>
        [0, 1, 2, 3, 4].reduce((sum, seed) => {
          const trials = runSearch(create(space, { seed, limits }), additive, 500);
          return sum + hypervolume(trials.map(({ error, latencyMs }) => [error, latencyMs]), [9.3, atMostMs]); // prettier-ignore
        }, 0);
      expect(found([latencyLimit(atMostMs)])).toBeGreaterThan(found([]));
    });
  },
);

describe.each(limited.filter(([name]) => /^(random mutation|constrained)/.test(name)))(
  '%s under a limit known beforehand',
  (_name, create) => {
    it('never asks for what passes it', () => {
      const params: Limit = {
        name: 'first choice',
        atMost: 12,
        of: (choices) => choices[0] ?? NaN,
        isKnownBefore: true,
      };
      const trials = runSearch(create(space, { seed: 1, limits: [params] }), evaluate, 500);
      expect(trials.every(({ encoding }) => (encoding[0] ?? NaN) <= 12)).toBe(true);
    });
  },
);

describe('exhaustive search', () => {
  it('asks for every network once, in lexicographic order', () => {
    const sampler = exhaustiveSearch(space, { kept });
    const indices = Array.from({ length: 24 }, () => encodingIndex(space, sampler.ask()));
    expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
    expect(indices).toHaveLength(Number(keptSize(space, kept)));
    expect(encodingIndex(space, sampler.ask())).toBe(indices[0]);
  });
  it('passes over what constraints rule out', () => {
    const few = new Genomes(constrained, undefined).kept.map((choices, at) =>
      at % 5 === 0 ? [...choices] : choices.filter((choice) => choice % 2 === 0),
    );
    const size = Number(keptSize(constrained, few));
    const count = Math.min(size, 3000);
    const sampler = exhaustiveSearch(constrained, { kept: few });
    const keys = Array.from({ length: count }, () => sampler.ask().join());
    expect(new Set(keys).size).toBe(count);
  });
});

describe('local search', () => {
  it('asks for neighbours of the front, each once', () => {
    const sampler = localSearch(space, { seed: 3 });
    const trials = runSearch(sampler, evaluate, 900);
    expect(new Set(trials.map(({ encoding }) => encoding.join())).size).toBe(900);
    const [first] = trials;
    const around = new Set(first && neighbours(space, first.encoding).map(String));
    expect(around.size).toBe(78);
    expect(new Set(trials.slice(1, 79).map(({ encoding }) => String(encoding)))).toEqual(around);
  });
  it('of infeasible networks holds the one nearest to its limits, and none beside a feasible one', () => {
    const front: Archived[] = [];
    const told = (choice: number, error: number, latencyMs: number, over: number): boolean =>
      addToFront(front, { choices: [choice], error, latencyMs, violation: over });
    expect([told(1, 5, 9, 0.5), told(2, 1, 10, 0.6), told(3, 9, 8, 0.2)]).toEqual([true, false, true]);
    expect([told(4, 9, 4, 0), told(5, 1, 5, 0.1), told(4, 9, 4, 0), told(6, 8, 5, 0)]).toEqual([
      true, false, false, true,
    ]); // prettier-ignore
    expect(front.map(({ choices }) => choices[0])).toEqual([4, 6]);
  });
  it('ends at networks whose neighbours do not improve on the front, then begins anew', () => {
    const smooth = (encoding: readonly number[]): Objectives => ({
      error: encoding.reduce((sum, choice) => sum + Math.abs(choice - 9), 0),
      latencyMs: 1,
    });
    const trials = runSearch(localSearch(space, { seed: 3 }), smooth, 1500);
    const best = trials.find(({ error }) => error === 0);
    expect(best?.encoding).toEqual([9, 9, 9]);
    const around = new Set(neighbours(space, best?.encoding ?? parseEncoding(space, [0, 0, 0])).map(String));
    const seen = new Set(trials.map(({ encoding }) => String(encoding)));
    expect([...around].every((key) => seen.has(key))).toBe(true);
  });
});

describe('random mutation', () => {
  const ofa = family('ofa-mbv3-w10');
  it('changes few units of a parent, by one block each', () => {
    const genomes = new Genomes(ofa, undefined);
    const units = unitsOf(ofa);
    const random = createRandom(4);
    expect(units.filter(({ layers }) => layers.length > 1)).toHaveLength(5);
    const changes = new Map<number, number>();
    for (let i = 0; i < 600; i++) {
      const parent = sampleEncoding(ofa, random);
      const genome = Uint16Array.from(parent);
      const [unit] = units;
      if (unit === undefined) return;
      expect(changeUnit(genomes, unit, genome, random)).toBe(true);
      expect(genomes.isNetwork(genome)).toBe(true);
      expect(genome.join()).not.toBe('');
      for (const other of units.slice(1))
        for (const layer of other.layers) expect(genome[layer]).toBe(parent[layer]);
      const difference = depthOf(unit, genome) - depthOf(unit, parent);
      changes.set(difference, (changes.get(difference) ?? 0) + 1);
    }
    expect([...changes.keys()].sort()).toEqual([-1, 0, 1]);
    for (const count of changes.values()) expect(count).toBeGreaterThan(5);
  });
  it('makes the children of an iteration all different, and children of the front', () => {
    const trials = runSearch(randomMutationSearch(space, { seed: 2 }), evaluate, 500);
    for (const [from, to] of [
      [0, 100],
      [100, 300],
      [300, 500],
    ] as const)
      // prettier-ignore
      expect(new Set(trials.slice(from, to).map(({ encoding }) => encoding.join())).size).toBe(to - from);
    const seen = trials.slice(0, 100);
    const points = seen.map(({ error, latencyMs }) => [error, latencyMs]);
    const parents = nonDominated(points).flatMap((i) => seen[i] ?? []);
    const kin = trials
      .slice(100, 300)
      .filter(({ encoding }) =>
        parents.some((parent) => parent.encoding.filter((choice, i) => choice === encoding[i]).length >= 1),
      );
    expect(kin.length).toBeGreaterThan(190);
  });
  it('refuses counts and probabilities that make no search', () => {
    for (const bad of [{ childCount: 0 }, { unitProbabilities: [1] }, { unitProbabilities: [0, 0, 0] }])
      expect(() => randomMutationSearch(space, { seed: 1, ...bad })).toThrow(SearchError);
  });
});

describe('searches for accuracy', () => {
  it.each([
    ['constrained evolution', constrainedEvolution],
    [
      'random mutation',
      (s: SearchSpace, settings: Settings) => randomMutationSearch(s, { ...settings, parents: 'accuracy' }),
    ],
  ] as const)('%s finds a more accurate network within a latency than random search', (_, create) => {
    const best = (sampler: Sampler): number =>
      Math.min(
        ...runSearch(sampler, judgeSmooth, 600).flatMap(({ error, latencyMs }) =>
          latencyMs <= 60 ? [error] : [],
        ),
      );
    const judgeSmooth = (encoding: readonly number[]): Objectives => judge(encoding);
    let wins = 0;
    for (let seed = 0; seed < 5; seed++) {
      const found = best(create(constrained, { seed, limits: [latencyLimit(60)] }));
      if (found < best(randomSearch(constrained, { seed }))) wins++;
    }
    expect(wins).toBe(5);
  });
  it('search for a front finds a better one than random search', () => {
    const igd = (trials: readonly Objectives[]): number =>
      convergence(
        { error: trials.map((t) => t.error), latencyMs: trials.map((t) => t.latencyMs) },
        reference,
        [1000],
      )[0]?.invertedGenerationalDistancePlus ?? NaN;
    for (const create of [localSearch, randomMutationSearch]) {
      let wins = 0;
      for (let seed = 0; seed < 5; seed++)
        if (
          igd(runSearch(create(space, { seed }), evaluate, 1000)) <
          igd(runSearch(randomSearch(space, { seed }), evaluate, 1000))
        )
          wins++;
      expect(wins).toBeGreaterThanOrEqual(4);
    }
  });
});
