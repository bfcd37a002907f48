import type { Encoding, SearchSpace } from '../../space/index.js';
import { createRandom, type Random } from '../../stats/index.js';
import { Genomes } from '../genomes.js';
import { violation } from '../limit.js';
import type { Nsga2Settings } from '../nsga2.js';
import { rankingPlain, survivorsPlain, type Member } from '../ranking-plain.js';
import type { Evaluated } from '../sampler.js';

/**
 * NSGA-II in so many words, for spaces without constraints: ranks everything anew after each child and draws what the fast one
 * draws in the same order. Its oracle.
 */
export class PlainNsga2 {
  private members: Member[] = [];
  private rank: number[] = [];
  private crowding: number[] = [];
  private readonly genomes: Genomes;
  private readonly random: Random;

  constructor(
    space: SearchSpace,
    private readonly settings: Required<Pick<Nsga2Settings, 'seed' | 'populationSize' | 'childCount'>> &
      Nsga2Settings,
  ) {
    this.genomes = new Genomes(space, settings.kept);
    this.random = createRandom(settings.seed);
  }

  ask(): Encoding {
    const genome = new Uint16Array(this.genomes.layerCount);
    if (this.members.length < this.settings.populationSize) this.genomes.draw(genome, this.random);
    else this.breed(genome);
    return this.genomes.encoding(genome);
  }

  tell({ encoding, error, latencyMs }: Evaluated): void {
    const { populationSize, childCount, limits = [] } = this.settings;
    const over = violation(limits, encoding, { error, latencyMs });
    this.members.push({ genome: encoding, error, latencyMs, violation: over });
    const isFull = this.members.length === populationSize + childCount;
    if (this.members.length !== populationSize && !isFull) return;
    const { rank, crowding } = rankingPlain(this.members);
    const stay = isFull
      ? survivorsPlain(this.members, populationSize, (n) => this.random.int(n))
      : [...this.members.keys()];
    this.rank = stay.map((i) => rank[i] ?? NaN);
    this.crowding = stay.map((i) => crowding[i] ?? NaN);
    this.members = stay.flatMap((i) => this.members[i] ?? []);
  }

  private breed(genome: Uint16Array): void {
    const { crossoverRate = 0.9, mutatedLayers = 1 } = this.settings;
    const { mutable } = this.genomes;
    const mother = this.tournament();
    genome.set(mother);
    if (mutable.length === 0) return;
    if (this.random.float() < crossoverRate) {
      const father = this.tournament();
      const bits = this.random.uint32();
      father.forEach((choice, layer) => {
        if (((bits >>> layer) & 1) === 1) genome[layer] = choice;
      });
    }
    let isMutated = false;
    for (const layer of mutable) {
      if (this.random.float() >= mutatedLayers / mutable.length) continue;
      this.genomes.change(genome, layer, this.random);
      isMutated = true;
    }
    if (!isMutated && genome.join() === mother.join())
      this.genomes.change(genome, this.genomes.anyLayer(this.random), this.random);
  }

  private tournament(): readonly number[] {
    const { populationSize } = this.settings;
    const [one, two] = [this.random.int(populationSize), this.random.int(populationSize)];
    const [rankOne = 0, rankTwo = 0] = [this.rank[one], this.rank[two]];
    const [crowdOne = 0, crowdTwo = 0] = [this.crowding[one], this.crowding[two]];
    const isSecond = rankTwo < rankOne || (rankTwo === rankOne && crowdTwo > crowdOne);
    return this.members[isSecond ? two : one]?.genome ?? [];
  }
}
