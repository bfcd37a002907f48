import type { Encoding, KeptChoices, SearchSpace } from '../space/index.js';
import { createRandom, restoreRandom, shuffled, type Random } from '../stats/index.js';
import { addToBest, addToFront, archivedNumbers, type Archived } from './archive.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { SearchError } from './error.js';
import { Genomes } from './genomes.js';
import { checkLimits, keepsKnown, namesOf, violation, type Limit } from './limit.js';
import { NumbersReader } from './numbers-reader.js';
import type { Evaluated, Sampler } from './sampler.js';
import { changeUnit, unitsOf, type Unit } from './units.js';

export interface RandomMutationSettings {
  readonly seed: number;
  readonly kept?: KeptChoices;
  readonly limits?: readonly Limit[];
  /** What parents are: the front of all seen (`pareto`, the default), or the ten most accurate (`accuracy`). */
  readonly parents?: 'pareto' | 'accuracy';
  /** Networks drawn at first: 100 by default, 20 for `accuracy`. */
  readonly initialCount?: number;
  /** Children of one iteration: 200 by default, 50 for `accuracy`. */
  readonly childCount?: number;
  /** Probability of each unit (`unitsOf`) to change in a child; 1 ÷ units each by default. */
  readonly unitProbabilities?: readonly number[];
}

const MOST_ACCURATE = 10;
const RETRIES = 100;

/**
 * The random-mutation search of Mills et al. (2021): unique random networks, then iterations of children of the parents in turn,
 * each with one operation (a block more, less or another) in each drawn unit and different from all others of its iteration.
 * Where no more are found, after a pass over the parents that brings none, an iteration is shorter. Limits that are known
 * before bar children; others rank below (Deb's domination). SearchError SEARCH_INVALID_SETTINGS for counts below 1.
 */
export function randomMutationSearch(space: SearchSpace, settings: RandomMutationSettings): Sampler {
  return new RandomMutationSearch(space, settings, createRandom(settings.seed));
}

/** Goes on from `save()`; SearchError SEARCH_INVALID_CHECKPOINT for other settings or damaged bytes. */
export function restoreRandomMutationSearch(
  space: SearchSpace,
  settings: RandomMutationSettings,
  checkpoint: Uint8Array,
): Sampler {
  const sampler = new RandomMutationSearch(space, settings, createRandom(settings.seed));
  sampler.load(checkpoint);
  return sampler;
}

class RandomMutationSearch implements Sampler {
  private readonly genomes: Genomes;
  private readonly units: readonly Unit[];
  private readonly limits: readonly Limit[];
  private readonly isPareto: boolean;
  private readonly initialCount: number;
  private readonly childCount: number;
  private readonly probabilities: readonly number[];
  private readonly name: string;
  private parents: Archived[] = [];
  /** Networks of this iteration still to be asked for, last first; null before the first. */
  private waiting: (readonly number[])[] | null = null;

  constructor(
    space: SearchSpace,
    settings: RandomMutationSettings,
    private random: Random,
  ) {
    const { parents = 'pareto', limits = [] } = settings;
    this.isPareto = parents === 'pareto';
    const { initialCount = this.isPareto ? 100 : 20, childCount = this.isPareto ? 200 : 50 } = settings;
    for (const [name, count] of Object.entries({ initialCount, childCount }))
      if (!Number.isInteger(count) || count < 1 || count > 100_000)
        throw invalid(`${name} must be an integer from 1 to 100000, got ${String(count)}`);
    this.genomes = new Genomes(space, settings.kept);
    checkLimits(limits);
    this.units = unitsOf(space);
    this.probabilities = settings.unitProbabilities ?? this.units.map(() => 1 / this.units.length);
    const isProbable = (p: number): boolean => p >= 0 && p <= 1;
    if (this.probabilities.length !== this.units.length || !this.probabilities.every(isProbable))
      throw invalid(`unitProbabilities must be ${String(this.units.length)} numbers from 0 to 1`);
    if (!this.probabilities.some((p) => p > 0)) throw invalid('every unit has the probability 0');
    this.limits = limits;
    this.initialCount = initialCount;
    this.childCount = childCount;
    const identity = [space.name, this.genomes.kept, parents, initialCount, childCount, this.probabilities];
    this.name = `random-mutation/1 ${JSON.stringify([...identity, namesOf(limits)])}`;
  }

  ask(): Encoding {
    this.waiting ??= this.unique(this.initialCount, (genome) => {
      this.genomes.draw(genome, this.random);
    });
    if (this.waiting.length === 0) this.waiting = this.iteration();
    const genome = new Uint16Array(this.genomes.layerCount);
    const next = this.waiting.pop();
    if (next === undefined) this.genomes.draw(genome, this.random);
    else genome.set(next);
    return this.genomes.encoding(genome);
  }

  tell(evaluated: Evaluated): void {
    this.genomes.check(evaluated);
    const { encoding, error, latencyMs } = evaluated;
    const over = violation(this.limits, encoding, evaluated);
    const told = { choices: encoding, error, latencyMs, violation: over };
    if (this.isPareto) addToFront(this.parents, told);
    else addToBest(this.parents, told, MOST_ACCURATE);
  }

  save(): Uint8Array {
    const { waiting } = this;
    return writeCheckpoint(this.name, [
      ...this.random.state(),
      ...archivedNumbers(this.parents),
      Number(waiting !== null),
      waiting?.length ?? 0,
      ...(waiting?.flat() ?? []),
    ]);
  }

  load(checkpoint: Uint8Array): void {
    const reader = new NumbersReader(readCheckpoint(this.name, checkpoint));
    const [a = 0, b = 0, c = 0, counter = 0] = reader.many(4);
    this.random = restoreRandom([a, b, c, counter]);
    this.parents = reader.archived(this.genomes.layerCount);
    const hasBegun = reader.one() === 1;
    const waiting = reader.list(() => reader.many(this.genomes.layerCount));
    this.waiting = hasBegun ? waiting : null;
    reader.end();
  }

  /** Children of the parents in turn, shuffled. */
  private iteration(): (readonly number[])[] {
    const found = new Map<string, readonly number[]>();
    let isFruitful = true;
    while (isFruitful && found.size < this.childCount) {
      isFruitful = false;
      for (const { choices } of this.parents) {
        const child = this.uniqueOf(found, RETRIES, (genome) => {
          genome.set(choices);
          this.mutate(genome);
        });
        if (child) isFruitful = true;
      }
    }
    return shuffled([...found.values()], this.random).slice(0, this.childCount);
  }

  private unique(count: number, make: (genome: Uint16Array) => void): (readonly number[])[] {
    const found = new Map<string, readonly number[]>();
    while (found.size < count && this.uniqueOf(found, RETRIES, make));
    return [...found.values()];
  }

  /** Adds one network that is not there yet; whether the tries found one. */
  private uniqueOf(
    found: Map<string, readonly number[]>,
    tries: number,
    make: (genome: Uint16Array) => void,
  ): boolean {
    const genome = new Uint16Array(this.genomes.layerCount);
    for (let attempt = 0; attempt < tries; attempt++) {
      make(genome);
      const key = genome.join('.');
      if (found.has(key) || !keepsKnown(this.limits, genome)) continue;
      found.set(key, Array.from(genome));
      return true;
    }
    return false;
  }

  /** Units are drawn until there is one. */
  private mutate(genome: Uint16Array): void {
    let isDrawn = false;
    while (!isDrawn)
      for (const [at, unit] of this.units.entries()) {
        const probability = this.probabilities[at] ?? 0;
        if (this.random.float() >= probability) continue;
        isDrawn = true;
        changeUnit(this.genomes, unit, genome, this.random);
      }
  }
}

function invalid(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_SETTINGS', message);
}
