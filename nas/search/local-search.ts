import type { Encoding, KeptChoices, SearchSpace } from '../space/index.js';
import { createRandom, restoreRandom, shuffled, type Random } from '../stats/index.js';
import { addToFront, type Archived } from './archive.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { Genomes } from './genomes.js';
import { checkLimits, namesOf, violation, type Limit } from './limit.js';
import { NumbersReader } from './numbers-reader.js';
import type { Evaluated, Sampler } from './sampler.js';

export interface LocalSearchSettings {
  readonly seed: number;
  readonly kept?: KeptChoices;
  readonly limits?: readonly Limit[];
}

/**
 * Pareto local search (Paquete, Chiarandini and Stützle 2004): all networks that differ in one choice from a member of the
 * front, in random order, member after member, each drawn by lot from those not explored; when all are, from a network drawn
 * anew. A network is asked for once while there are others.
 */
export function localSearch(space: SearchSpace, settings: LocalSearchSettings): Sampler {
  return new LocalSearch(space, settings, createRandom(settings.seed));
}

/** Goes on from `save()`; SearchError SEARCH_INVALID_CHECKPOINT for other settings or damaged bytes. */
export function restoreLocalSearch(
  space: SearchSpace,
  settings: LocalSearchSettings,
  checkpoint: Uint8Array,
): Sampler {
  const sampler = new LocalSearch(space, settings, createRandom(settings.seed));
  sampler.load(checkpoint);
  return sampler;
}

interface Explored extends Archived {
  isExplored: boolean;
}

class LocalSearch implements Sampler {
  private readonly genomes: Genomes;
  private readonly limits: readonly Limit[];
  private readonly name: string;
  private front: Explored[] = [];
  /** Neighbours to ask for, last first. */
  private waiting: (readonly number[])[] = [];
  /** Hashes of what was asked for or told. */
  private seen = new Set<number>();

  constructor(
    space: SearchSpace,
    { kept, limits = [] }: LocalSearchSettings,
    private random: Random,
  ) {
    this.genomes = new Genomes(space, kept);
    checkLimits(limits);
    this.limits = limits;
    this.name = `local-search/1 ${JSON.stringify([space.name, this.genomes.kept, namesOf(limits)])}`;
  }

  ask(): Encoding {
    const genome = Uint16Array.from(this.next());
    this.seen.add(hashOf(genome));
    return this.genomes.encoding(genome);
  }

  tell(evaluated: Evaluated): void {
    this.genomes.check(evaluated);
    const { encoding, error, latencyMs } = evaluated;
    this.seen.add(hashOf(encoding));
    const over = violation(this.limits, encoding, evaluated);
    addToFront(this.front, { choices: encoding, error, latencyMs, violation: over, isExplored: false });
  }

  save(): Uint8Array {
    return writeCheckpoint(this.name, [
      ...this.random.state(),
      this.front.length,
      ...this.front.flatMap((held) => [
        ...held.choices,
        held.error,
        held.latencyMs,
        held.violation,
        Number(held.isExplored),
      ]),
      this.waiting.length,
      ...this.waiting.flat(),
      this.seen.size,
      ...this.seen,
    ]);
  }

  load(checkpoint: Uint8Array): void {
    const reader = new NumbersReader(readCheckpoint(this.name, checkpoint));
    const [a = 0, b = 0, c = 0, counter = 0] = reader.many(4);
    this.random = restoreRandom([a, b, c, counter]);
    this.front = reader.list(() => {
      const choices = reader.many(this.genomes.layerCount);
      const [error = NaN, latencyMs = NaN, over = NaN, isExplored] = reader.many(4);
      return { choices, error, latencyMs, violation: over, isExplored: isExplored === 1 };
    });
    this.waiting = reader.list(() => reader.many(this.genomes.layerCount));
    this.seen = new Set(reader.list(() => reader.one()));
    reader.end();
  }

  private next(): readonly number[] {
    for (;;) {
      const waiting = this.waiting.pop();
      if (waiting !== undefined) return waiting;
      const open = this.front.filter(({ isExplored }) => !isExplored);
      const member = open[open.length > 0 ? this.random.int(open.length) : 0];
      if (member === undefined) return this.anew();
      member.isExplored = true;
      this.waiting = shuffled(this.unseenNeighbours(member.choices), this.random);
    }
  }

  /** Any network, one not seen if a few draws find it. */
  private anew(): readonly number[] {
    const genome = new Uint16Array(this.genomes.layerCount);
    for (let draw = 0; draw < 20; draw++) {
      this.genomes.draw(genome, this.random);
      if (!this.seen.has(hashOf(genome))) break;
    }
    return Array.from(genome);
  }

  private unseenNeighbours(choices: readonly number[]): (readonly number[])[] {
    return choices.flatMap((taken, layer) =>
      Array.from(this.genomes.choicesOf(layer)).flatMap((choice) => {
        if (choice === taken) return [];
        const neighbour = choices.map((each, at) => (at === layer ? choice : each));
        return !this.seen.has(hashOf(neighbour)) && this.genomes.isNetwork(neighbour) ? [neighbour] : [];
      }),
    );
  }
}

/** 53 bits of two FNV-1a sums: what two networks share by chance once in 10¹⁵ pairs. */
function hashOf(choices: ArrayLike<number>): number {
  let low = 0x811c_9dc5;
  let high = 0x9747_b28c;
  for (let at = 0; at < choices.length; at++) {
    low = Math.imul(low ^ (choices[at] as number), 0x0100_0193);
    high = Math.imul(high ^ ((choices[at] as number) + at), 0x0100_01b3);
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
