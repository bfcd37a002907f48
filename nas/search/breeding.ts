import type { Random } from '../stats/index.js';
import type { Genomes } from './genomes.js';
import type { Ranking } from './ranking.js';

/** How children come from parents. */
export interface BreedingRates {
  /** Share of the children that mix two parents. */
  readonly crossoverRate: number;
  /** Probability of each layer to take another of its choices. */
  readonly mutationRate: number;
}

/**
 * The variation of NSGA-II over choices (Deb et al. 2002): binary tournaments of rank and crowding, uniform crossover, mutation
 * of single layers, and mending where constraints forbid what came of it. `choices` holds the genomes of the members one
 * after the other; the first `populationSize` are the parents.
 */
export class Breeding {
  private readonly layerCount: number;
  private readonly crossoverRate: number;
  private readonly mutationRate: number;

  constructor(
    private readonly genomes: Genomes,
    private readonly choices: Uint16Array,
    private readonly ranking: Ranking,
    private readonly populationSize: number,
    { crossoverRate, mutationRate }: BreedingRates,
  ) {
    this.layerCount = genomes.layerCount;
    this.crossoverRate = crossoverRate;
    this.mutationRate = mutationRate;
  }

  /** A child of two parents that differs from the first. */
  breed(genome: Uint16Array, random: Random): void {
    const { layerCount, choices, genomes } = this;
    const mother = this.tournament(random) * layerCount;
    for (let layer = 0; layer < layerCount; layer++) genome[layer] = choices[mother + layer] as number;
    if (genomes.mutable.length === 0) return;
    let changed = -1;
    if (random.float() < this.crossoverRate) {
      const father = this.tournament(random) * layerCount;
      let bits = 0;
      for (let layer = 0; layer < layerCount; layer++) {
        if ((layer & 31) === 0) bits = random.uint32();
        const other = choices[father + layer] as number;
        if ((bits & 1) === 1 && other !== genome[layer]) {
          genome[layer] = other;
          changed = layer;
        }
        bits >>>= 1;
      }
    }
    for (let at = 0; at < genomes.mutable.length; at++) {
      if (random.float() >= this.mutationRate) continue;
      changed = genomes.mutable[at] as number;
      genomes.change(genome, changed, random);
    }
    if (changed < 0) {
      changed = genomes.anyLayer(random);
      genomes.change(genome, changed, random);
    }
    if (!genomes.isNetwork(genome)) this.mend(genome, mother, changed, random);
  }

  /** What no network has gives way to the first parent with a change that one has. */
  private mend(genome: Uint16Array, mother: number, changed: number, random: Random): void {
    if (this.genomes.mend(genome, changed, random)) return;
    for (let draw = 0; draw < 8 * this.layerCount; draw++) {
      for (let layer = 0; layer < this.layerCount; layer++)
        genome[layer] = this.choices[mother + layer] as number;
      const layer = this.genomes.anyLayer(random);
      this.genomes.change(genome, layer, random);
      if (this.genomes.mend(genome, layer, random)) return;
    }
    for (let layer = 0; layer < this.layerCount; layer++)
      genome[layer] = this.choices[mother + layer] as number;
  }

  /** The better of two parents drawn alike, with replacement; of equal ones the first, which is by lot. */
  private tournament(random: Random): number {
    const { rank, crowding } = this.ranking;
    const one = random.int(this.populationSize);
    const two = random.int(this.populationSize);
    const difference = (rank[one] as number) - (rank[two] as number);
    if (difference !== 0) return difference < 0 ? one : two;
    return (crowding[two] as number) > (crowding[one] as number) ? two : one;
  }
}
