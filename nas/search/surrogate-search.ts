import {
  networksOf,
  parseEncoding,
  type Encoding,
  type KeptChoices,
  type Networks,
  type SearchSpace,
} from '../space/index.js';
import { createRandom, restoreRandom, type Random } from '../stats/index.js';
import { addToFront, archivedNumbers, type Archived } from './archive.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { SearchError } from './error.js';
import { Genomes } from './genomes.js';
import { checkLimits, keepsKnown, namesOf, violation, type Limit } from './limit.js';
import { NumbersReader } from './numbers-reader.js';
import type { Evaluated, Sampler } from './sampler.js';
import { mostPromising } from './surrogate/most-promising.js';
import { Surrogate } from './surrogate/surrogate.js';

export interface SurrogateSettings {
  readonly seed: number;
  /** What the pruned space keeps; everything by default. */
  readonly kept?: KeptChoices;
  /** Networks drawn before anything is learnt from them; 20 by default. Those of `initial` count. */
  readonly initialCount?: number;
  readonly limits?: readonly Limit[];
  /** Networks evaluated before (a warm start): told before anything is asked. */
  readonly initial?: readonly Evaluated[];
  /** Networks to evaluate before any drawn one. They count as evaluations. */
  readonly first?: readonly Encoding[];
  /** Latency in milliseconds where it is known beforehand, such as a profile's prediction; else it is learnt as errors are. */
  readonly latencyOf?: (encoding: Encoding) => number;
}

/**
 * For evaluations that cost: Gaussian processes over choices and what these have in common say what to expect of networks not
 * yet seen, and the one with the largest expected hypervolume improvement is asked for (Emmerich et al. 2011; candidates are
 * those near the front, drawn ones and those that are predicted to be on it). What was asked for and not yet told counts as
 * what is expected of it (kriging believer, Ginsbourger et al. 2010), and is not asked for again while there are others.
 * A proposal takes some 10 ms whatever the number of evaluations, the memory grows with it: for up to some thousands.
 * Throws SearchError SEARCH_INVALID_SETTINGS for counts out of range and for networks outside the kept space.
 */
export function surrogateSearch(space: SearchSpace, settings: SurrogateSettings): Sampler {
  const sampler = new SurrogateSearch(space, settings, createRandom(settings.seed));
  for (const evaluated of settings.initial ?? []) sampler.tell(evaluated);
  return sampler;
}

/**
 * Goes on from `save()`. The settings must be those of the saved search (`initial` is not read again); SearchError
 * SEARCH_INVALID_CHECKPOINT for other settings or damaged bytes.
 */
export function restoreSurrogateSearch(
  space: SearchSpace,
  settings: SurrogateSettings,
  checkpoint: Uint8Array,
): Sampler {
  const sampler = new SurrogateSearch(space, settings, createRandom(settings.seed));
  sampler.load(checkpoint);
  return sampler;
}

/** Answers that are long in coming are given up after so many later asks: they may then be asked for again. */
const MOST_PENDING = 1000;
/** Of those asked for last, the ones that are taken to be what is expected of them. */
const MOST_BELIEVED = 32;
/** Draws for a network that was not asked for before. */
const DRAWS = 20;

class SurrogateSearch implements Sampler {
  private readonly genomes: Genomes;
  private readonly networks: Networks;
  private readonly initialCount: number;
  private readonly limits: readonly Limit[];
  private readonly first: readonly Encoding[];
  private readonly latencyOf: ((encoding: Encoding) => number) | undefined;
  private readonly name: string;
  private readonly surrogate: Surrogate;
  private firstAsked = 0;
  private told: Archived[] = [];
  private front: Archived[] = [];
  /** Asked for and not told, oldest first, by their key. */
  private pending = new Map<string, Uint16Array>();
  private known = new Set<string>();

  constructor(
    private readonly space: SearchSpace,
    settings: SurrogateSettings,
    private random: Random,
  ) {
    const { initialCount = 20, limits = [], first = [] } = settings;
    this.genomes = new Genomes(space, settings.kept);
    this.networks = networksOf(space, this.genomes.kept);
    if (!Number.isInteger(initialCount) || initialCount < 2 || initialCount > 100_000)
      throw invalid(`initialCount must be an integer from 2 to 100000, got ${String(initialCount)}`);
    checkLimits(limits);
    const outside = first.find((encoding) => !this.genomes.holds(encoding));
    if (outside !== undefined)
      throw invalid(`${outside.join('.')}, to be evaluated first, is outside the searched space`);
    this.initialCount = initialCount;
    this.limits = limits;
    this.first = first;
    this.latencyOf = settings.latencyOf;
    this.surrogate = new Surrogate(space);
    const identity = [space.name, this.genomes.kept, initialCount, this.latencyOf !== undefined];
    this.name = `surrogate-search/1 ${JSON.stringify([...identity, namesOf(limits), first])}`;
  }

  ask(): Encoding {
    const network = this.next();
    const key = network.join('.');
    this.pending.delete(key);
    this.pending.set(key, network);
    if (this.pending.size > MOST_PENDING) {
      const [oldest] = this.pending.keys();
      if (oldest !== undefined) this.pending.delete(oldest);
    }
    return this.genomes.encoding(network);
  }

  tell(evaluated: Evaluated): void {
    this.genomes.check(evaluated);
    const { encoding, error, latencyMs } = evaluated;
    this.pending.delete(encoding.join('.'));
    this.hold({
      choices: encoding,
      error,
      latencyMs,
      violation: violation(this.limits, encoding, evaluated),
    });
  }

  save(): Uint8Array {
    return writeCheckpoint(this.name, [
      ...this.random.state(),
      this.firstAsked,
      ...archivedNumbers(this.told),
      this.pending.size,
      ...[...this.pending.values()].flatMap((network) => [...network]),
      this.surrogate.fittedAt,
    ]);
  }

  load(checkpoint: Uint8Array): void {
    const { layerCount } = this.genomes;
    const reader = new NumbersReader(readCheckpoint(this.name, checkpoint));
    const [a = 0, b = 0, c = 0, counter = 0] = reader.many(4);
    this.random = restoreRandom([a, b, c, counter]);
    this.firstAsked = reader.one();
    for (const each of reader.archived(layerCount)) this.hold(each);
    for (const network of reader.list(() => Uint16Array.from(reader.many(layerCount))))
      this.pending.set(network.join('.'), network);
    this.surrogate.refit(this.told, reader.one());
    reader.end();
  }

  private hold(told: Archived): void {
    this.told.push(told);
    this.known.add(told.choices.join('.'));
    addToFront(this.front, told);
  }

  private next(): Uint16Array {
    const given = this.first[this.firstAsked];
    if (given !== undefined) {
      this.firstAsked++;
      return Uint16Array.from(given);
    }
    return (this.told.length < this.initialCount ? null : this.promising()) ?? this.drawn();
  }

  /** Null where all candidates were asked for before. */
  private promising(): Uint16Array | null {
    const { genomes, networks, surrogate, front, limits, latencyOf, random } = this;
    const pending = [...this.pending.values()].slice(-MOST_BELIEVED);
    surrogate.see(this.told, pending);
    return mostPromising({
      genomes,
      networks,
      surrogate,
      front,
      pending,
      limits,
      latencyOf: latencyOf && ((network) => latencyOf(parseEncoding(this.space, Array.from(network)))),
      isOpen: (key, network) => this.isNew(key) && keepsKnown(limits, network),
      random,
    });
  }

  /** Any network, one that is new and keeps the limits that are known beforehand if a few draws find it. */
  private drawn(): Uint16Array {
    const network = new Uint16Array(this.genomes.layerCount);
    let kept: Uint16Array | null = null;
    for (let draw = 0; draw < DRAWS; draw++) {
      this.genomes.draw(network, this.random);
      if (!keepsKnown(this.limits, network)) continue;
      if (this.isNew(network.join('.'))) return network;
      kept ??= network.slice();
    }
    return kept ?? network;
  }

  private isNew(key: string): boolean {
    return !this.known.has(key) && !this.pending.has(key);
  }
}

function invalid(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_SETTINGS', message);
}
