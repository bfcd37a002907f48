import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  additiveEpsilon,
  crowdingDistances,
  generationalDistance,
  generationalDistancePlus,
  hypervolume,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  nonDominated,
  nonDominationRanks,
  normalisationBy,
  normalised,
  type Points,
} from '../pareto/index.js';
import {
  encodingIndex,
  enumerateEncodings,
  fashionMobile,
  isKept,
  nasBenchMacro,
  parseEncoding,
  positionsOf,
  spaceSize,
  type Choice,
  type SearchSpace,
} from '../space/index.js';
import { repeated, stage } from '../space/families/parts.js';
import { createRandom } from '../stats/index.js';
import {
  additiveLatency,
  convergence,
  evaluationsToTarget,
  objectiveTable,
  randomSearch,
  regularizedEvolution,
  repruningEvolution,
  restoreRandomSearch,
  restoreRegularizedEvolution,
  restoreRepruningEvolution,
  runSearch,
  runTableSearch,
  SearchError,
  tableTrials,
  type Objectives,
} from './index.js';
import { tournamentWinner } from './tournament.js';

const space = fashionMobile;
const random = createRandom(11);
const size = 27 ** 3;
const table = objectiveTable(
  space,
  Float64Array.from({ length: size }, (_, i) => 8 + (i % 27) * 0.01 + random.float()),
  additiveLatency(
    space,
    [0, 1, 2].map((layer) => Array.from({ length: 27 }, (_, b) => 1 + ((b * 7 + layer) % 27) / 10)),
    0.5,
  ),
);
const evaluate = (encoding: Parameters<typeof encodingIndex>[1]): Objectives => {
  const index = encodingIndex(space, encoding);
  return { error: table.error[index] ?? NaN, latencyMs: table.latencyMs[index] ?? NaN };
};
const kept = [[0, 3, 9], [2, 5, 7, 20], [1, 26]]; // prettier-ignore

describe('a tournament', () => {
  it('is won as often as by ranking, crowding distance and lot', () => {
    const level = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level), { minLength: 1, maxLength: 10 }), (points) => {
        const ranks = nonDominationRanks(points);
        const front = points.flatMap((_, i) => (ranks[i] === 0 ? [i] : []));
        const crowding = crowdingDistances(front.map((i) => points[i] ?? []));
        const best = Math.max(...crowding);
        const expected = new Set(front.filter((_, at) => crowding[at] === best));
        const members = Uint16Array.from(points.keys());
        const [error, latency] = [0, 1].map((j) => Float64Array.from(points, (point) => point[j] ?? NaN));
        const won = new Set<number>();
        const dice = createRandom(3);
        for (let round = 0; round < 200; round++)
          won.add(
            tournamentWinner(
              members,
              points.length,
              error ?? new Float64Array(),
              latency ?? new Float64Array(),
              dice,
            ),
          );
        expect(won).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('regularized evolution', () => {
  it('changes one layer of a member per child once the population is full', () => {
    const sampler = regularizedEvolution(space, { seed: 5 });
    const trials = runSearch(sampler, evaluate, 600);
    trials.slice(50).forEach(({ encoding }, at) => {
      const population = trials.slice(at, at + 50);
      const distance = (parent: readonly number[]): number =>
        parent.filter((choice, i) => choice !== encoding[i]).length;
      expect(population.some((member) => distance(member.encoding) === 1)).toBe(true);
    });
  });
  it('stays in the kept space and reaches all of it', () => {
    const trials = runSearch(regularizedEvolution(space, { seed: 1, kept }), evaluate, 2000);
    expect(trials.every(({ encoding }) => isKept(kept, encoding))).toBe(true);
    for (const layer of [0, 1, 2])
      expect(new Set(trials.map(({ encoding }) => encoding[layer]))).toEqual(new Set(kept[layer]));
  });
  it('is the same per seed and differs between seeds', () => {
    const run = (seed: number): unknown => runSearch(regularizedEvolution(space, { seed }), evaluate, 300);
    expect(run(9)).toEqual(run(9));
    expect(run(9)).not.toEqual(run(10));
  });
  it.each([1, 30, 50, 51, 333])('saved after %i evaluations it goes on as if uninterrupted', (cut) => {
    const settings = { seed: 21, kept, populationSize: 50 };
    const whole = runSearch(regularizedEvolution(space, settings), evaluate, 500);
    const first = regularizedEvolution(space, settings);
    const head = runSearch(first, evaluate, cut);
    const second = restoreRegularizedEvolution(space, settings, first.save());
    expect([...head, ...runSearch(second, evaluate, 500 - cut)]).toEqual(whole);
    expect(second.save()).toEqual(
      (() => {
        runSearch(first, evaluate, 500 - cut);
        return first.save();
      })(),
    );
  });
  it('searches a table in place as it does by ask and tell, in slices of any size', () => {
    const trials = tableTrials(700);
    const sampler = regularizedEvolution(space, { seed: 4 });
    for (const slice of [1, 99, 600]) runTableSearch(sampler, table, trials, slice);
    const told = runSearch(regularizedEvolution(space, { seed: 4 }), evaluate, 700);
    expect([...trials.indices]).toEqual(told.map(({ encoding }) => encodingIndex(space, encoding)));
    expect(() => {
      runTableSearch(sampler, table, trials, 1);
    }).toThrow(/700 of 700/);
  });
  it('starts from networks evaluated before', () => {
    const initial = runSearch(randomSearch(space, { seed: 2 }), evaluate, 80);
    const sampler = regularizedEvolution(space, { seed: 1, initial });
    const child = sampler.ask();
    const parents = initial.filter(
      ({ encoding }) => encoding.filter((choice, i) => choice !== child[i]).length === 1,
    );
    expect(parents.length).toBeGreaterThan(0);
  });
  it('evaluates given networks first, also across a restore', () => {
    const first = [[0, 2, 1], [3, 5, 26], [9, 20, 1]].map((each) => parseEncoding(space, each)); // prettier-ignore
    const settings = { seed: 3, kept, first };
    const whole = runSearch(regularizedEvolution(space, settings), evaluate, 90);
    expect(whole.slice(0, 3).map(({ encoding }) => encoding)).toEqual(first);
    const sampler = regularizedEvolution(space, settings);
    const head = runSearch(sampler, evaluate, 2);
    const restored = restoreRegularizedEvolution(space, settings, sampler.save());
    expect([...head, ...runSearch(restored, evaluate, 88)]).toEqual(whole);
    expect(() => regularizedEvolution(space, { ...settings, kept: [[0], [2], [1]] })).toThrow(/outside/); // prettier-ignore
  });
  it('finds a better front than random search with as many evaluations', () => {
    const points = [...table.error].map((error, i) => [error, table.latencyMs[i] ?? NaN]);
    const reference = nonDominated(points).map((i) => points[i] ?? []);
    const igdAt1000 = (trials: readonly Objectives[]): number =>
      convergence(columns(trials), reference, [1000])[0]?.invertedGenerationalDistancePlus ?? NaN;
    let wins = 0;
    for (let seed = 0; seed < 10; seed++) {
      const evolved = igdAt1000(runSearch(regularizedEvolution(space, { seed }), evaluate, 1000));
      if (evolved < igdAt1000(runSearch(randomSearch(space, { seed }), evaluate, 1000))) wins++;
    }
    expect(wins).toBe(10);
  });
  it('refuses what it cannot work with', () => {
    expect(() => regularizedEvolution(space, { seed: 1, populationSize: 0 })).toThrow(SearchError);
    expect(() => regularizedEvolution(space, { seed: 1, tournamentSize: 51 })).toThrow(/1 to 50, got 51/);
    const sampler = regularizedEvolution(space, { seed: 1, kept });
    const outside = parseEncoding(space, [0, 0, 0]);
    expect(() => {
      sampler.tell({ encoding: outside, error: 1, latencyMs: 1 });
    }).toThrow(/layer 1 has no choice 0/);
    const inside = parseEncoding(space, [0, 2, 1]);
    expect(() => {
      sampler.tell({ encoding: inside, error: NaN, latencyMs: 1 });
    }).toThrow(/NaN/);
  });
  it('refuses a checkpoint of other settings or a damaged one', () => {
    const bytes = regularizedEvolution(space, { seed: 1 }).save();
    expect(() => restoreRegularizedEvolution(space, { seed: 1, kept }, bytes)).toThrow(/expected one of/);
    expect(() => restoreRegularizedEvolution(space, { seed: 1 }, bytes.subarray(0, 100))).toThrow(/bytes/);
    expect(() => restoreRegularizedEvolution(space, { seed: 1 }, new Uint8Array(3))).toThrow(/too few/);
  });
  it('works where a layer, or every layer, has one choice', () => {
    const single = runSearch(regularizedEvolution(space, { seed: 1, kept: [[3], [4], [5]] }), evaluate, 60);
    expect(new Set(single.map(({ encoding }) => encoding.join('.')))).toEqual(new Set(['3.4.5']));
  });
});

describe('evolution in a space with depths and constraints', () => {
  const choices = Array.from({ length: 4 }, (_, i): Choice => ({
    name: `k${String(2 * i + 1)}`,
    label: '',
    block: { kind: 'relu-conv', kernel: 2 * i + 1 },
  }));
  const deep: SearchSpace = {
    ...fashionMobile,
    name: 'deep',
    resolutions: [28, 32],
    stages: ['a', 'b', 'c', 'd', 'e'].map((name) =>
      stage(name, { channels: [8, 16], layers: repeated(choices, 4), depths: [2, 4] }),
    ),
    constraints: [{ when: { position: 0, choices: [0] }, then: { position: 25, choices: [1] } }],
  };
  const judge = (encoding: readonly number[]): Objectives => ({
    error: encoding.reduce((sum, choice, at) => sum + ((choice * 7 + at) % 5), 0),
    latencyMs: encoding.reduce((sum, choice, at) => sum + ((choice * 3 + at) % 4), 1),
  });

  it('asks for networks only, changes depths too, and goes on exactly after a restore', () => {
    expect(spaceSize(deep)).toBeGreaterThan(10n ** 13n);
    let sampler = regularizedEvolution(deep, { seed: 4 });
    const asked: string[] = [];
    const depths = new Set<string>();
    let saved = sampler.save();
    for (let i = 0; i < 600; i++) {
      if (i === 300) saved = sampler.save();
      const encoding = sampler.ask();
      // Only networks of the space can be parsed.
      expect(parseEncoding(deep, [...encoding])).toEqual(encoding);
      asked.push(encoding.join('.'));
      if (i >= 100) depths.add(encoding.map((choice) => Number(choice === 4)).join(''));
      sampler.tell({ encoding, ...judge(encoding) });
    }
    expect(depths.size).toBeGreaterThan(8);
    sampler = restoreRegularizedEvolution(deep, { seed: 4 }, saved);
    for (let i = 300; i < 600; i++) {
      const encoding = sampler.ask();
      expect(encoding.join('.')).toBe(asked[i]);
      sampler.tell({ encoding, ...judge(encoding) });
    }
  });

  it('finds a better front than random search with as many evaluations', () => {
    const volume = (sampler: ReturnType<typeof randomSearch>): number => {
      const points: number[][] = [];
      for (let i = 0; i < 800; i++) {
        const encoding = sampler.ask();
        const found = judge(encoding);
        sampler.tell({ encoding, ...found });
        points.push([found.error, found.latencyMs]);
      }
      return hypervolume(points, [100, 100]);
    };
    for (const seed of [1, 2, 3])
      expect(volume(regularizedEvolution(deep, { seed }))).toBeGreaterThan(
        volume(randomSearch(deep, { seed })),
      );
  });

  it('refuses a table of more combinations than can be listed', () => {
    expect(() => objectiveTable(deep, new Float64Array(), new Float64Array())).toThrow('too large');
  });

  it('searches a table as it searches network by network', () => {
    const small = nasBenchMacro;
    const cost = positionsOf(small).map(({ choices: each }, at) => each.map((_, i) => (i * 3 + at) % 4));
    const latencyMs = additiveLatency(small, cost, 1);
    const error = Float64Array.from(enumerateEncodings(small), (encoding) => judge(encoding).error);
    const trials = tableTrials(400);
    runTableSearch(
      regularizedEvolution(small, { seed: 3 }),
      objectiveTable(small, error, latencyMs),
      trials,
      400,
    );
    const single = runSearch(regularizedEvolution(small, { seed: 3 }), judge, 400);
    expect([...trials.indices]).toEqual(single.map(({ encoding }) => encodingIndex(small, encoding)));
    expect(single.map(({ encoding }) => latencyMs[encodingIndex(small, encoding)])).toEqual(
      single.map((each) => each.latencyMs),
    );
  });
});

describe('evolution that prunes anew', () => {
  const blockLatencyMs = [0, 1, 2].map((layer) =>
    Array.from({ length: 27 }, (_, b) => 1 + ((b * 7 + layer) % 27) / 10),
  );
  const profiled = runSearch(randomSearch(space, { seed: 6 }), evaluate, 81);
  const settings = { seed: 2, profiled, blockLatencyMs, ratio: 0.7, every: 40, rounds: 3 };

  it('searches the latest pruning and keeps the last one', () => {
    const sampler = repruningEvolution(space, settings);
    const prunings = [0, 1, 2, 3].map(() => {
      const { kept: current } = sampler;
      const trials = runSearch(sampler, evaluate, 40);
      expect(trials.every(({ encoding }) => isKept(current, encoding))).toBe(true);
      return JSON.stringify(current);
    });
    expect(new Set(prunings.slice(0, 3)).size).toBe(3);
    expect(prunings[3]).toBe(prunings[2]);
  });
  it.each([1, 39, 40, 100, 130])('saved after %i evaluations it goes on as if uninterrupted', (cut) => {
    const whole = runSearch(repruningEvolution(space, settings), evaluate, 170);
    const first = repruningEvolution(space, settings);
    const head = runSearch(first, evaluate, cut);
    const second = restoreRepruningEvolution(space, settings, first.save());
    expect([...head, ...runSearch(second, evaluate, 170 - cut)]).toEqual(whole);
  });
  it('takes a late answer from before the last pruning', () => {
    const sampler = repruningEvolution(space, settings);
    const late = sampler.ask();
    runSearch(sampler, evaluate, 40);
    expect(() => {
      sampler.tell({ encoding: late, ...evaluate(late) });
    }).not.toThrow();
  });
  it('refuses other settings, damaged bytes and NaN', () => {
    const sampler = repruningEvolution(space, settings);
    expect(() => restoreRepruningEvolution(space, { ...settings, ratio: 0.5 }, sampler.save())).toThrow(
      /expected one/,
    );
    expect(() => restoreRepruningEvolution(space, settings, sampler.save().subarray(0, 50))).toThrow(
      SearchError,
    );
    expect(() => repruningEvolution(space, { ...settings, every: 0 })).toThrow(/every must be/);
    const encoding = sampler.ask();
    expect(() => {
      sampler.tell({ encoding, error: NaN, latencyMs: 1 });
    }).toThrow(/error NaN/);
  });
});

describe('random search', () => {
  it('is uniform over the kept space and goes on after a restore', () => {
    const sampler = randomSearch(space, { seed: 8, kept });
    const trials = runSearch(sampler, evaluate, 2400);
    const counts = new Map<string, number>();
    for (const { encoding } of trials)
      counts.set(encoding.join('.'), (counts.get(encoding.join('.')) ?? 0) + 1);
    expect(counts.size).toBe(24);
    expect(Math.min(...counts.values())).toBeGreaterThan(60);
    const restored = restoreRandomSearch(space, { seed: 8, kept }, sampler.save());
    expect(runSearch(restored, evaluate, 5)).toEqual(runSearch(sampler, evaluate, 5));
  });
});

describe('convergence', () => {
  const reference = [[0, 10], [1, 6], [2, 2], [6, 1], [10, 0]]; // prettier-ignore
  const level = fc.integer({ min: 0, max: 12 });
  const set = fc.array(fc.tuple(level, level), { minLength: 1, maxLength: 40 });
  const frontOf = (points: readonly (readonly [number, number])[], evaluations: number): Points => {
    const seen = points.slice(0, evaluations);
    const distinct = [...new Map(seen.map((point) => [point.join(), point])).values()];
    return nonDominated(distinct).map((i) => distinct[i] ?? []);
  };
  it.each([
    ['the front', undefined],
    ['a given range', { ideal: [-2, 0], range: [20, 13] }],
  ])('is the definition over the archive’s front at each checkpoint, in the unit of %s', (_, given) => {
    fc.assert(
      fc.property(set, (points) => {
        const unit = given ?? normalisationBy(reference);
        const z = normalised(reference, unit);
        const rows = convergence(
          columnsOf(points),
          reference,
          points.map((_, i) => i + 1),
          given,
        );
        expect(rows).toHaveLength(points.length);
        for (const row of rows) {
          const front = normalised(frontOf(points, row.evaluations), unit);
          expect(row.frontSize).toBe(front.length);
          expect(row.generationalDistance).toBeCloseTo(generationalDistance(front, z), 12);
          expect(row.generationalDistancePlus).toBeCloseTo(generationalDistancePlus(front, z), 12);
          expect(row.invertedGenerationalDistance).toBeCloseTo(invertedGenerationalDistance(front, z), 12);
          expect(row.invertedGenerationalDistancePlus).toBeCloseTo(
            invertedGenerationalDistancePlus(front, z),
            12,
          );
          expect(row.additiveEpsilon).toBeCloseTo(additiveEpsilon(front, z), 12);
          expect(row.hypervolumeRatio).toBeCloseTo(
            hypervolume(front, [1.1, 1.1]) / hypervolume(z, [1.1, 1.1]),
            12,
          );
        }
      }),
    );
  });
  it('never worsens by IGD⁺, ε and the hypervolume', () => {
    fc.assert(
      fc.property(set, (points) => {
        const rows = convergence(columnsOf(points), reference, [...points.keys()].slice(1));
        rows.slice(1).forEach((row, i) => {
          const before = rows[i] ?? row;
          expect(row.invertedGenerationalDistancePlus).toBeLessThanOrEqual(
            before.invertedGenerationalDistancePlus + 1e-12,
          );
          expect(row.additiveEpsilon).toBeLessThanOrEqual(before.additiveEpsilon + 1e-12);
          expect(row.hypervolumeRatio).toBeGreaterThanOrEqual(before.hypervolumeRatio - 1e-12);
        });
      }),
    );
  });
  it.each(['gd', 'igd+'] as const)('finds the first evaluations at which %s is at most a target', (name) => {
    fc.assert(
      fc.property(set, fc.double({ min: 0, max: 1.5, noNaN: true }), (points, target) => {
        const value = (evaluations: number): number => {
          const unit = normalisationBy(reference);
          const of = name === 'gd' ? generationalDistance : invertedGenerationalDistancePlus;
          return of(normalised(frontOf(points, evaluations), unit), normalised(reference, unit));
        };
        const first = points.findIndex((_, i) => value(i + 1) <= target);
        expect(evaluationsToTarget(columnsOf(points), reference, target, name)).toBe(
          first < 0 ? null : first + 1,
        );
      }),
    );
  });
  it('counts evaluations to the first at which the target holds', () => {
    const points = [[9, 9], [2, 4], [5, 5], [2, 2], [0, 10]] as const; // prettier-ignore
    const rows = convergence(columnsOf(points), reference, [1, 2, 3, 4, 5]);
    const igd = rows.map((row) => row.invertedGenerationalDistancePlus);
    expect(evaluationsToTarget(columnsOf(points), reference, igd[3] ?? NaN)).toBe(4);
    expect(evaluationsToTarget(columnsOf(points), reference, (igd[3] ?? NaN) - 1e-9)).toBe(5);
    expect(evaluationsToTarget(columnsOf(points), reference, 0)).toBeNull();
    expect(evaluationsToTarget(columnsOf(points), reference, 0, 'gd')).toBe(4);
  });
  it('reports only checkpoints that the run reached', () => {
    expect(convergence(columnsOf([[1, 1]]), reference, [1, 10])).toHaveLength(1); // prettier-ignore
  });
});

function columns(trials: readonly Objectives[]): { error: number[]; latencyMs: number[] } {
  return { error: trials.map((t) => t.error), latencyMs: trials.map((t) => t.latencyMs) };
}

function columnsOf(points: readonly (readonly [number, number])[]): { error: number[]; latencyMs: number[] } {
  return columns(points.map(([error, latencyMs]) => ({ error, latencyMs })));
}
