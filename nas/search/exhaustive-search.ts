import type { Encoding, KeptChoices, SearchSpace } from '../space/index.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { Genomes } from './genomes.js';
import { NumbersReader } from './numbers-reader.js';
import type { Evaluated, Sampler } from './sampler.js';

export interface ExhaustiveSearchSettings {
  readonly kept?: KeptChoices;
}

/**
 * Every network of the kept space once, in lexicographic order, then from the beginning again: for spaces that a table holds.
 * A budget of `keptSize` evaluations sees all.
 */
export function exhaustiveSearch(space: SearchSpace, settings: ExhaustiveSearchSettings = {}): Sampler {
  return new ExhaustiveSearch(space, settings);
}

/** Goes on from `save()`; SearchError SEARCH_INVALID_CHECKPOINT for another space or damaged bytes. */
export function restoreExhaustiveSearch(
  space: SearchSpace,
  settings: ExhaustiveSearchSettings,
  checkpoint: Uint8Array,
): Sampler {
  const sampler = new ExhaustiveSearch(space, settings);
  sampler.load(checkpoint);
  return sampler;
}

class ExhaustiveSearch implements Sampler {
  private readonly genomes: Genomes;
  private readonly name: string;
  /** Place of each layer's choice among the kept ones, of the network asked for next. */
  private readonly places: Uint16Array;
  private readonly genome: Uint16Array;

  constructor(space: SearchSpace, { kept }: ExhaustiveSearchSettings) {
    this.genomes = new Genomes(space, kept);
    this.name = `exhaustive-search/1 ${JSON.stringify([space.name, this.genomes.kept])}`;
    this.places = new Uint16Array(this.genomes.layerCount);
    this.genome = new Uint16Array(this.genomes.layerCount);
    this.toNetwork();
  }

  ask(): Encoding {
    const asked = this.genomes.encoding(this.genome);
    this.advance(this.places.length - 1);
    this.toNetwork();
    return asked;
  }

  tell(evaluated: Evaluated): void {
    // The order is given, so that nothing is to be learnt; what is no evaluation is refused all the same.
    this.genomes.check(evaluated);
  }

  save(): Uint8Array {
    return writeCheckpoint(this.name, [...this.places]);
  }

  load(checkpoint: Uint8Array): void {
    const reader = new NumbersReader(readCheckpoint(this.name, checkpoint));
    this.places.set(reader.many(this.places.length));
    reader.end();
    this.toNetwork();
  }

  /** Goes on to the first network from here, past whatever begins as none does. */
  private toNetwork(): void {
    for (;;) {
      for (let layer = 0; layer < this.places.length; layer++)
        this.genome[layer] = this.genomes.choicesOf(layer)[this.places[layer] as number] as number;
      const amiss = this.genomes.firstAmiss(this.genome);
      if (amiss === null) return;
      this.advance(amiss);
    }
  }

  /** The next combination of the layers up to `layer`, with the first choice at each later one. */
  private advance(layer: number): void {
    this.places.fill(0, layer + 1);
    for (let at = layer; at >= 0; at--) {
      const next = (this.places[at] as number) + 1;
      this.places[at] = next < this.genomes.choicesOf(at).length ? next : 0;
      if (this.places[at] !== 0) return;
    }
  }
}
