import type { Encoding, KeptChoices, SearchSpace } from '../space/index.js';
import { createRandom, restoreRandom, type Random } from '../stats/index.js';
import { Breeding } from './breeding.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { SearchError } from './error.js';
import { Genomes } from './genomes.js';
import { checkLimits, namesOf, violation, type Limit } from './limit.js';
import { Ranking } from './ranking.js';
import type { EvolutionSampler } from './regularized-evolution.js';
import type { Evaluated } from './sampler.js';
import { markSurvivors } from './survival.js';

export interface Nsga2Settings {
  readonly seed: number;
  /** What the pruned space keeps; everything by default. */
  readonly kept?: KeptChoices;
  /** 100 by default. */
  readonly populationSize?: number;
  /** Evaluated between two selections: as many as the population by default (generational), 1 is steady-state. */
  readonly childCount?: number;
  /** Share of the children that mix two parents, each choice from either; 0.9 by default. */
  readonly crossoverRate?: number;
  /** Expected number of layers that mutate in a child; 1 by default. */
  readonly mutatedLayers?: number;
  /** A network that passes none dominates each that does. */
  readonly limits?: readonly Limit[];
  /** Networks evaluated before (a warm start): told before anything is asked. */
  readonly initial?: readonly Evaluated[];
  /** Networks to evaluate before any drawn one. They count as evaluations. */
  readonly first?: readonly Encoding[];
}

/**
 * NSGA-II (Deb et al. 2002) over choices: parents by binary tournaments of constrained rank and crowding, uniform crossover,
 * each layer mutating to another of its choices, survival of the best of parents and children; copies of a genome survive last.
 * Throws SearchError SEARCH_INVALID_SETTINGS for sizes and rates out of range and for networks outside the kept space.
 */
export function nsga2(space: SearchSpace, settings: Nsga2Settings): EvolutionSampler {
  const sampler = new Nsga2(space, settings, createRandom(settings.seed));
  for (const evaluated of settings.initial ?? []) sampler.tell(evaluated);
  return sampler;
}

/**
 * Goes on from `save()`. The settings must be those of the saved search (`initial` is not read again); SearchError
 * SEARCH_INVALID_CHECKPOINT for other settings or damaged bytes.
 */
export function restoreNsga2(
  space: SearchSpace,
  settings: Nsga2Settings,
  checkpoint: Uint8Array,
): EvolutionSampler {
  const sampler = new Nsga2(space, settings, createRandom(settings.seed));
  sampler.load(checkpoint);
  return sampler;
}

class Nsga2 implements EvolutionSampler {
  readonly layerCount: number;
  private readonly genomes: Genomes;
  private readonly populationSize: number;
  private readonly capacity: number;
  private readonly limits: readonly Limit[];
  private readonly first: readonly Encoding[];
  private readonly name: string;
  /** Members by age: parents, then the children told since. */
  private readonly choices: Uint16Array;
  private readonly error: Float64Array;
  private readonly latency: Float64Array;
  private readonly violation: Float64Array;
  /** Members by ascending error, then latency, then age. */
  private readonly order: Uint16Array;
  private readonly ranking: Ranking;
  private readonly breeding: Breeding;
  private readonly isCopy: Uint8Array;
  private readonly lives: Uint8Array;
  private readonly scratch: Float64Array;
  private readonly renumbered: Uint16Array;
  private readonly asked: Uint16Array;
  private size = 0;
  private firstAsked = 0;
  /** Whether ranks and distances are those of exactly the present members. */
  private isCurrent = false;

  constructor(
    space: SearchSpace,
    settings: Nsga2Settings,
    private random: Random,
  ) {
    const { populationSize = 100, crossoverRate = 0.9, mutatedLayers = 1, limits = [] } = settings;
    const { childCount = populationSize } = settings;
    this.genomes = new Genomes(space, settings.kept);
    checkCount('populationSize', populationSize, 1, 32_767);
    checkCount('childCount', childCount, 1, 32_767);
    this.layerCount = this.genomes.layerCount;
    checkRate('crossoverRate', crossoverRate, 1);
    checkRate('mutatedLayers', mutatedLayers, Math.max(1, this.layerCount));
    checkLimits(limits);
    this.first = settings.first ?? [];
    const outside = this.first.find((encoding) => !this.genomes.holds(encoding));
    if (outside !== undefined)
      throw invalid(`${outside.join('.')}, to be evaluated first, is outside the searched space`);
    this.populationSize = populationSize;
    this.capacity = populationSize + childCount;
    this.limits = limits;
    const identity = [
      space.name,
      this.genomes.kept,
      populationSize,
      childCount,
      crossoverRate,
      mutatedLayers,
    ];
    this.name = `nsga2/1 ${JSON.stringify([...identity, namesOf(limits), this.first])}`;
    this.choices = new Uint16Array(this.capacity * this.layerCount);
    this.error = new Float64Array(this.capacity);
    this.latency = new Float64Array(this.capacity);
    this.violation = new Float64Array(this.capacity);
    this.order = new Uint16Array(this.capacity);
    this.ranking = new Ranking(this.capacity, this.error, this.latency, this.violation);
    const mutationRate = mutatedLayers / Math.max(1, this.genomes.mutable.length);
    const rates = { crossoverRate, mutationRate };
    this.breeding = new Breeding(this.genomes, this.choices, this.ranking, populationSize, rates);
    this.isCopy = new Uint8Array(this.capacity);
    this.lives = new Uint8Array(this.capacity);
    this.scratch = new Float64Array(this.capacity);
    this.renumbered = new Uint16Array(this.capacity);
    this.asked = new Uint16Array(this.layerCount);
  }

  ask(): Encoding {
    this.propose(this.asked);
    return this.genomes.encoding(this.asked);
  }

  tell(evaluated: Evaluated): void {
    this.genomes.check(evaluated);
    this.accept(Uint16Array.from(evaluated.encoding), evaluated.error, evaluated.latencyMs);
  }

  propose(genome: Uint16Array): void {
    const given = this.first[this.firstAsked];
    if (given !== undefined) {
      genome.set(given);
      this.firstAsked++;
    } else if (this.size < this.populationSize) this.genomes.draw(genome, this.random);
    else this.breeding.breed(genome, this.random);
  }

  accept(genome: Uint16Array, error: number, latencyMs: number): void {
    const member = this.size;
    this.copyIn(genome, member);
    this.error[member] = error;
    this.latency[member] = latencyMs;
    this.violation[member] =
      this.limits.length === 0 ? 0 : violation(this.limits, genome, { error, latencyMs });
    const at = this.placeOf(member);
    if (this.isCurrent && this.size + 1 === this.capacity && this.isLast(member, at)) return;
    this.size++;
    this.insert(member, at);
    if (this.size === this.populationSize || this.size === this.capacity) this.select();
  }

  save(): Uint8Array {
    const { size } = this;
    return writeCheckpoint(this.name, [
      size,
      this.firstAsked,
      ...this.random.state(),
      ...this.choices.subarray(0, size * this.layerCount),
      ...this.error.subarray(0, size),
      ...this.latency.subarray(0, size),
      ...this.violation.subarray(0, size),
      ...this.ranking.rank.subarray(0, size),
      ...this.ranking.crowding.subarray(0, size),
    ]);
  }

  load(checkpoint: Uint8Array): void {
    const numbers = readCheckpoint(this.name, checkpoint);
    const [size = -1, firstAsked = 0, a = 0, b = 0, c = 0, counter = 0] = numbers;
    if (!(size >= 0 && size < this.capacity) || numbers.length !== 6 + size * (this.layerCount + 5))
      throw new SearchError(
        'SEARCH_INVALID_CHECKPOINT',
        `checkpoint: ${String(numbers.length)} numbers do not fit ${String(size)} members`,
      );
    let from = 6;
    const take = (count: number): number[] => numbers.slice(from, (from += count));
    this.firstAsked = firstAsked;
    this.random = restoreRandom([a, b, c, counter]);
    this.choices.set(take(size * this.layerCount));
    this.error.set(take(size));
    this.latency.set(take(size));
    this.violation.set(take(size));
    this.ranking.rank.set(take(size));
    this.ranking.crowding.set(take(size));
    for (let member = 0; member < size; member++) this.insert(member, this.placeOf(member));
    this.size = size;
    this.isCurrent = false;
  }

  /** Where the newest member belongs in `order`. */
  private placeOf(member: number): number {
    const { order, error, latency } = this;
    const x = error[member] as number;
    const y = latency[member] as number;
    let low = 0;
    let high = member;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const i = order[middle] as number;
      const xi = error[i] as number;
      if (xi < x || (xi === x && (latency[i] as number) <= y)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insert(member: number, place: number): void {
    const { order } = this;
    for (let at = member; at > place; at--) order[at] = order[at - 1] as number;
    order[place] = member;
  }

  /**
   * Whether the newest member alone makes the last rank, so that it is the one to go and all else stays as it is: what spares
   * a steady-state search the ranking for most of its children. `place` is where it belongs in `order`.
   */
  private isLast(member: number, place: number): boolean {
    const { order, error, latency, ranking } = this;
    // Other copies or infeasible members may be worse.
    if (ranking.ranks !== ranking.fronts) return false;
    const x = error[member] as number;
    const y = latency[member] as number;
    for (let at = place - 1; at >= 0; at--) {
      const i = order[at] as number;
      if (error[i] !== x || latency[i] !== y) break;
      if (this.hasEqualChoices(i, member)) return true;
    }
    if ((this.violation[member] as number) > 0) return true;
    // Of the last front the one with the greatest error up to this one's has the least latency.
    for (let at = place - 1; at >= 0; at--) {
      const i = order[at] as number;
      if (ranking.rank[i] !== ranking.fronts - 1) continue;
      const yi = latency[i] as number;
      return yi <= y && !(yi === y && error[i] === x);
    }
    return false;
  }

  /** Ranks all; of more than the population only the survivors stay, in order of age. */
  private select(): void {
    const count = this.size;
    this.markCopies();
    this.ranking.assign(this.order, count, this.isCopy);
    this.isCurrent = count <= this.populationSize;
    if (this.isCurrent) return;
    markSurvivors(this.ranking, count, this.populationSize, this.lives, this.scratch, this.random);
    let size = 0;
    for (let i = 0; i < count; i++) {
      if (this.lives[i] === 0) continue;
      this.renumbered[i] = size;
      if (size < i) this.move(i, size);
      size++;
    }
    let at = 0;
    for (let from = 0; from < count; from++) {
      const i = this.order[from] as number;
      if (this.lives[i] === 1) this.order[at++] = this.renumbered[i] as number;
    }
    this.size = size;
    // Of one that made a rank alone nothing is left in the ranks and distances of the others.
    this.isCurrent = count === size + 1 && (this.ranking.sizes[this.ranking.ranks - 1] as number) === 1;
    if (this.isCurrent) this.ranking.dropLastRank();
  }

  /** Copies have equal objectives, so they are near each other in `order`. */
  private markCopies(): void {
    const { order, error, latency, isCopy } = this;
    let start = 0;
    for (let at = 0; at < this.size; at++) {
      const i = order[at] as number;
      const head = order[start] as number;
      isCopy[i] = 0;
      if (error[i] !== error[head] || latency[i] !== latency[head]) start = at;
      for (let before = start; before < at; before++)
        if (this.hasEqualChoices(i, order[before] as number)) {
          isCopy[i] = 1;
          break;
        }
    }
  }

  private hasEqualChoices(i: number, j: number): boolean {
    const { choices, layerCount } = this;
    for (let layer = 0; layer < layerCount; layer++)
      if (choices[i * layerCount + layer] !== choices[j * layerCount + layer]) return false;
    return true;
  }

  private copyIn(genome: Uint16Array, member: number): void {
    const start = member * this.layerCount;
    for (let layer = 0; layer < this.layerCount; layer++)
      this.choices[start + layer] = genome[layer] as number;
  }

  private move(from: number, to: number): void {
    const { choices, layerCount, ranking } = this;
    for (let layer = 0; layer < layerCount; layer++)
      choices[to * layerCount + layer] = choices[from * layerCount + layer] as number;
    this.error[to] = this.error[from] as number;
    this.latency[to] = this.latency[from] as number;
    this.violation[to] = this.violation[from] as number;
    ranking.rank[to] = ranking.rank[from] as number;
    ranking.crowding[to] = ranking.crowding[from] as number;
  }
}

function checkCount(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(
      `${name} must be an integer from ${String(least)} to ${String(most)}, got ${String(value)}`,
    );
}

function checkRate(name: string, value: number, most: number): void {
  if (!(value >= 0 && value <= most))
    throw invalid(`${name} must be from 0 to ${String(most)}, got ${String(value)}`);
}

function invalid(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_SETTINGS', message);
}
