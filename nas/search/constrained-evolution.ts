import type { Encoding, KeptChoices, SearchSpace } from '../space/index.js';
import { createRandom, restoreRandom, type Random } from '../stats/index.js';
import { addToBest, archivedNumbers, type Archived } from './archive.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { SearchError } from './error.js';
import { Genomes } from './genomes.js';
import { checkLimits, keepsKnown, namesOf, violation, type Limit } from './limit.js';
import { NumbersReader } from './numbers-reader.js';
import type { Evaluated, Sampler } from './sampler.js';
import { blocksOf, depthOf, setDepth, unitsOf, type Unit } from './units.js';

export interface ConstrainedEvolutionSettings {
  readonly seed: number;
  readonly kept?: KeptChoices;
  /** What a network may have at most. Latency known from a table says so by `isKnownBefore` and bars candidates. */
  readonly limits?: readonly Limit[];
  /** Drawn at first, and children of each generation; 100 by default. */
  readonly populationSize?: number;
  /** Share of the population that become parents; 0.25 by default. */
  readonly parentRatio?: number;
  /** Share of the children that mutate, the others mix two parents; 0.5 by default. */
  readonly mutationRatio?: number;
  /** Probability of each block and of each depth to be drawn anew; 0.1 by default. */
  readonly mutationRate?: number;
  /** The same of the resolution; 0.5 by default (0.1 in the older version). */
  readonly resolutionRate?: number;
}

/** Tries to draw a candidate within what is known to be limited. */
const RETRIES = 100;

/**
 * The evolutionary search of Once-for-All (Cai et al. 2020) for the most accurate network within limits: the best quarter of
 * all seen are the parents and survive; of their children half mutate, half take each choice from either of two.
 * SearchError SEARCH_INVALID_SETTINGS for sizes and rates out of range.
 */
export function constrainedEvolution(space: SearchSpace, settings: ConstrainedEvolutionSettings): Sampler {
  return new ConstrainedEvolution(space, settings, createRandom(settings.seed));
}

/** Goes on from `save()`; SearchError SEARCH_INVALID_CHECKPOINT for other settings or damaged bytes. */
export function restoreConstrainedEvolution(
  space: SearchSpace,
  settings: ConstrainedEvolutionSettings,
  checkpoint: Uint8Array,
): Sampler {
  const sampler = new ConstrainedEvolution(space, settings, createRandom(settings.seed));
  sampler.load(checkpoint);
  return sampler;
}

class ConstrainedEvolution implements Sampler {
  private readonly genomes: Genomes;
  private readonly units: readonly Unit[];
  private readonly limits: readonly Limit[];
  private readonly rates;
  private readonly populationSize: number;
  private readonly parentCount: number;
  private readonly name: string;
  /** The best told so far. */
  private best: Archived[] = [];
  /** Those of this generation: the best when it began. */
  private parents: Archived[] = [];
  private asked = 0;

  constructor(
    space: SearchSpace,
    settings: ConstrainedEvolutionSettings,
    private random: Random,
  ) {
    const { limits = [], populationSize = 100, parentRatio = 0.25 } = settings;
    const { mutationRatio = 0.5, mutationRate = 0.1, resolutionRate = 0.5 } = settings;
    if (!Number.isInteger(populationSize) || populationSize < 1 || populationSize > 100_000)
      throw invalid(`populationSize must be an integer from 1 to 100000, got ${String(populationSize)}`);
    this.rates = { parentRatio, mutationRatio, mutationRate, resolutionRate };
    for (const [name, rate] of Object.entries(this.rates))
      if (!(rate >= 0 && rate <= 1)) throw invalid(`${name} must be from 0 to 1, got ${String(rate)}`);
    checkLimits(limits);
    this.genomes = new Genomes(space, settings.kept);
    this.units = unitsOf(space);
    this.limits = limits;
    this.populationSize = populationSize;
    this.parentCount = Math.max(1, Math.round(parentRatio * populationSize));
    const identity = [space.name, this.genomes.kept, populationSize, this.rates, namesOf(limits)];
    this.name = `constrained-evolution/1 ${JSON.stringify(identity)}`;
  }

  ask(): Encoding {
    const at = this.asked++ % this.populationSize;
    if (at === 0) this.parents = [...this.best];
    const isMutant = at < this.rates.mutationRatio * this.populationSize;
    const genome = new Uint16Array(this.genomes.layerCount);
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      if (this.parents.length === 0) this.genomes.draw(genome, this.random);
      else if (isMutant) this.mutate(genome);
      else this.cross(genome);
      if (this.genomes.isNetwork(genome) && keepsKnown(this.limits, genome))
        return this.genomes.encoding(genome);
    }
    this.genomes.draw(genome, this.random);
    return this.genomes.encoding(genome);
  }

  tell(evaluated: Evaluated): void {
    this.genomes.check(evaluated);
    const { encoding, error, latencyMs } = evaluated;
    const over = violation(this.limits, encoding, evaluated);
    addToBest(this.best, { choices: encoding, error, latencyMs, violation: over }, this.parentCount);
  }

  save(): Uint8Array {
    return writeCheckpoint(this.name, [
      ...this.random.state(),
      this.asked,
      ...archivedNumbers(this.best),
      ...archivedNumbers(this.parents),
    ]);
  }

  load(checkpoint: Uint8Array): void {
    const reader = new NumbersReader(readCheckpoint(this.name, checkpoint));
    const [a = 0, b = 0, c = 0, counter = 0, asked = 0] = reader.many(5);
    this.random = restoreRandom([a, b, c, counter]);
    this.asked = asked;
    this.best = reader.archived(this.genomes.layerCount);
    this.parents = reader.archived(this.genomes.layerCount);
    reader.end();
  }

  private mutate(genome: Uint16Array): void {
    const { mutationRate, resolutionRate } = this.rates;
    genome.set(this.anyParent());
    for (const unit of this.units) {
      const rate = unit.isResolution ? resolutionRate : mutationRate;
      const optional = unit.absent.filter((choice) => choice >= 0).length;
      const least = unit.layers.length - optional;
      if (optional > 0 && this.random.float() < rate)
        setDepth(this.genomes, unit, genome, least + this.random.int(optional + 1), this.random);
      for (let at = 0; at < depthOf(unit, genome); at++) {
        if (this.random.float() >= rate) continue;
        const blocks = blocksOf(this.genomes, unit, at);
        if (blocks.length > 0)
          genome[unit.layers[at] as number] = blocks[this.random.int(blocks.length)] as number;
      }
    }
  }

  private cross(genome: Uint16Array): void {
    const [one, two] = [this.anyParent(), this.anyParent()];
    for (let layer = 0; layer < genome.length; layer++)
      genome[layer] = (this.random.int(2) === 0 ? one : two)[layer] as number;
  }

  private anyParent(): readonly number[] {
    return this.parents[this.random.int(this.parents.length)]?.choices ?? [];
  }
}

function invalid(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_SETTINGS', message);
}
