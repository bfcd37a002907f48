import type { Random } from '../../stats/index.js';
import type { Genomes } from '../genomes.js';

/** Networks that may be proposed, each once: what `isOpen` refuses is left out. */
export class Candidates {
  readonly networks: Uint16Array[] = [];
  private readonly keys = new Set<string>();

  constructor(
    private readonly genomes: Genomes,
    private readonly isOpen: (key: string, network: Uint16Array) => boolean,
    private readonly random: Random,
  ) {}

  add(network: Uint16Array): void {
    const key = network.join('.');
    if (this.keys.has(key) || !this.isOpen(key, network)) return;
    this.keys.add(key);
    this.networks.push(network);
  }

  /** Drawn uniformly. */
  addDrawn(count: number): void {
    for (let i = 0; i < count; i++) {
      const network = new Uint16Array(this.genomes.layerCount);
      this.genomes.draw(network, this.random);
      this.add(network);
    }
  }

  /** Those that differ from a network in one layer, and in what constraints ask for beside it: all, or `most` of them drawn. */
  addNeighbours(network: Uint16Array, most: number): void {
    const { genomes, random } = this;
    const count = genomes.mutable.reduce((sum, layer) => sum + genomes.choicesOf(layer).length - 1, 0);
    if (count > most) {
      for (let i = 0; i < most; i++) {
        const neighbour = network.slice();
        const layer = genomes.anyLayer(random);
        genomes.change(neighbour, layer, random);
        if (genomes.mend(neighbour, layer, random)) this.add(neighbour);
      }
      return;
    }
    for (const layer of genomes.mutable)
      for (const choice of genomes.choicesOf(layer)) {
        if (choice === network[layer]) continue;
        const neighbour = network.slice();
        neighbour[layer] = choice;
        if (genomes.mend(neighbour, layer, random)) this.add(neighbour);
      }
  }

  /** Mixes two networks, each layer from either; what is no network is left out. */
  addMixed(one: Uint16Array, other: Uint16Array): void {
    const mixed = one.map((choice, layer) => (this.random.int(2) === 0 ? choice : (other[layer] as number)));
    if (this.genomes.isNetwork(mixed)) this.add(mixed);
  }
}
