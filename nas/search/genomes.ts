import {
  drawNetwork,
  firstInadmissible,
  implicationsOf,
  isKept,
  keepAll,
  nearestNetwork,
  networksOf,
  parseEncoding,
  parseKept,
  type Encoding,
  type KeptChoices,
  type Networks,
  type SearchSpace,
} from '../space/index.js';
import type { Random } from '../stats/index.js';
import { SearchError } from './error.js';
import type { Evaluated } from './sampler.js';

/**
 * The networks that a sampler may propose, as genomes: a choice per layer, written in place. What every evolutionary sampler
 * does to them: draw, change a layer, mend what constraints forbid, refuse what lies outside.
 */
export class Genomes {
  readonly kept: KeptChoices;
  readonly layerCount: number;
  /** Layers with more than one choice. */
  readonly mutable: Uint16Array;
  private readonly allowed: readonly Uint16Array[];
  /** What the constraints admit; null when every combination is a network. */
  private readonly networks: Networks | null;

  constructor(
    private readonly space: SearchSpace,
    kept: KeptChoices | undefined,
  ) {
    this.kept = kept === undefined ? keepAll(space) : parseKept(space, kept);
    this.layerCount = this.kept.length;
    this.networks = implicationsOf(space).length > 0 ? networksOf(space, this.kept) : null;
    this.allowed = this.kept.map((choices) => Uint16Array.from(choices));
    this.mutable = Uint16Array.from(
      this.kept.flatMap((choices, layer) => (choices.length > 1 ? [layer] : [])),
    );
  }

  encoding(genome: Uint16Array): Encoding {
    return parseEncoding(this.space, Array.from(genome));
  }

  /** A network drawn uniformly. */
  draw(genome: Uint16Array, random: Random): void {
    if (this.networks !== null) {
      genome.set(drawNetwork(this.networks, random));
      return;
    }
    for (let layer = 0; layer < this.layerCount; layer++) {
      const choices = this.allowed[layer] as Uint16Array;
      genome[layer] = choices[random.int(choices.length)] as number;
    }
  }

  /** Gives a mutable layer another of its choices, uniform; what comes out may break constraints. */
  change(genome: Uint16Array, layer: number, random: Random): void {
    const choices = this.allowed[layer] as Uint16Array;
    const current = genome[layer] as number;
    const drawn = random.int(choices.length - 1);
    const choice = choices[drawn] as number;
    genome[layer] = choice < current ? choice : (choices[drawn + 1] as number);
  }

  /** The choices that a layer may take, ascending. */
  choicesOf(layer: number): Uint16Array {
    return this.allowed[layer] as Uint16Array;
  }

  /** Any mutable layer. */
  anyLayer(random: Random): number {
    return this.mutable[random.int(this.mutable.length)] as number;
  }

  isNetwork(genome: ArrayLike<number>): boolean {
    return this.firstAmiss(genome) === null;
  }

  /** The first layer whose choice is not to be had after those before it; null for a network of kept choices. */
  firstAmiss(genome: ArrayLike<number>): number | null {
    return this.networks === null ? null : firstInadmissible(this.networks, genome);
  }

  /**
   * Makes a network of what breaks constraints: the nearest one that has the choice at `layer`. False, and nothing changed,
   * when no network has it.
   */
  mend(genome: Uint16Array, layer: number, random: Random): boolean {
    if (this.networks === null || firstInadmissible(this.networks, genome) === null) return true;
    const network = nearestNetwork(this.networks, genome, layer, genome[layer] as number, random);
    if (network !== null) genome.set(network);
    return network !== null;
  }

  /** Whether the sampler may propose it. */
  holds(encoding: Encoding): boolean {
    return isKept(this.kept, encoding);
  }

  /** SearchError SEARCH_INVALID_EVALUATION for a network outside or an objective NaN. */
  check({ encoding, error, latencyMs }: Evaluated): void {
    encoding.forEach((choice, layer) => {
      if (this.allowed[layer]?.includes(choice) !== true)
        throw refused(
          `${encoding.join('.')} is outside the searched space: layer ${String(layer)} has no choice ${String(choice)}`,
        );
    });
    if (encoding.length !== this.layerCount || !this.isNetwork(encoding))
      throw refused(`${encoding.join('.')} is no network of the space`);
    if (Number.isNaN(error) || Number.isNaN(latencyMs))
      throw refused(`${encoding.join('.')} has an objective NaN`);
  }
}

function refused(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_EVALUATION', message);
}
