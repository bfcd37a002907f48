import type { Networks } from '../../space/index.js';
import { shuffled, type Random } from '../../stats/index.js';
import type { Archived } from '../archive.js';
import type { Genomes } from '../genomes.js';
import { violation, type Limit } from '../limit.js';
import { Candidates } from './candidates.js';
import {
  expectedHypervolumeImprovement,
  staircaseOf,
  type Belief,
  type Staircase,
} from './expected-improvement.js';
import { predictedHull } from './predicted-hull.js';
import type { Surrogate } from './surrogate.js';

/** What a search knows when it is to propose a network. */
export interface Situation {
  readonly genomes: Genomes;
  readonly networks: Networks;
  /** Has seen what was told and what is pending. */
  readonly surrogate: Surrogate;
  /** Those that none dominates within limits. */
  readonly front: readonly Archived[];
  readonly pending: readonly Uint16Array[];
  readonly limits: readonly Limit[];
  /** Latency where it is known beforehand. */
  readonly latencyOf: ((network: Uint16Array) => number) | undefined;
  /** Whether a network may be proposed. */
  readonly isOpen: (key: string, network: Uint16Array) => boolean;
  readonly random: Random;
}

const DRAWN = 48;
const DIRECTIONS = 16;
const PARENTS = 16;
const NEIGHBOURS = 10;
const MIXED = 32;
/** Of the best candidates those whose neighbours become candidates too, how often, and how many neighbours of each. */
const CLIMBING = 4;
const ROUNDS = 2;
const CLIMBED = 40;
/** Candidates whose uncertainty is computed rather than taken to be the usual one: it costs n². */
const WEIGHED = 20;
const USUAL_FROM = 6;

/**
 * The candidate with the largest expected hypervolume improvement within limits; where none is expected to be within, the one
 * expected to pass them by least. Candidates are networks near the front, mixtures of two of it, drawn ones, those predicted to
 * be on the front, and then the neighbours of the best of them, twice. Null when no candidate is open.
 */
export function mostPromising(situation: Situation): Uint16Array | null {
  const { genomes, networks, surrogate, front, random, isOpen } = situation;
  const candidates = new Candidates(genomes, isOpen, random);
  const parents = shuffled(front, random)
    .slice(0, PARENTS)
    .map(({ choices }) => Uint16Array.from(choices));
  const effects = surrogate.mainEffects();
  for (const network of predictedHull(networks, effects.error, effects.latencyMs, DIRECTIONS))
    candidates.add(network);
  for (const parent of parents) candidates.addNeighbours(parent, NEIGHBOURS);
  for (let i = 0; i < MIXED && parents.length > 1; i++)
    candidates.addMixed(
      parents[random.int(parents.length)] as Uint16Array,
      parents[random.int(parents.length)] as Uint16Array,
    );
  candidates.addDrawn(DRAWN);

  const judge = new Judge(situation);
  judge.take(candidates.networks);
  for (let round = 0; round < ROUNDS; round++) {
    const from = candidates.networks.length;
    for (const { network } of judge.best(CLIMBING)) candidates.addNeighbours(network, CLIMBED);
    judge.take(candidates.networks.slice(from));
  }
  return judge.winner();
}

interface Judged {
  readonly network: Uint16Array;
  readonly error: number;
  readonly latencyMs: number;
  /** By how much limits are expected to be passed. */
  readonly violation: number;
  /** Expected improvement as far as it is known: with the usual uncertainty. */
  readonly promise: number;
}

/** Ranks candidates, cheaply first. The corner of the volume is set by the first ones taken. */
class Judge {
  private readonly judged: Judged[] = [];
  private staircase: Staircase | null = null;
  private usual = { error: 0, latencyMs: 0 };

  constructor(private readonly situation: Situation) {}

  take(networks: readonly Uint16Array[]): void {
    const expected = networks.map((network) => this.expect(network));
    this.staircase ??= this.begin(expected);
    for (const each of expected)
      this.judged.push({
        ...each,
        promise: expectedHypervolumeImprovement(
          this.staircase,
          { mean: each.error, deviation: this.usual.error },
          { mean: each.latencyMs, deviation: this.usual.latencyMs },
        ),
      });
  }

  best(count: number): readonly Judged[] {
    return this.judged.sort(byPromise).slice(0, count);
  }

  winner(): Uint16Array | null {
    const { staircase } = this;
    if (staircase === null) return null;
    const weighed = this.best(WEIGHED).map((each) => ({
      ...each,
      promise: expectedHypervolumeImprovement(
        staircase,
        this.situation.surrogate.errorOf(each.network),
        this.latencyBelief(each.network, each.latencyMs),
      ),
    }));
    return weighed.sort(byPromise)[0]?.network ?? null;
  }

  /** The front with what is pending, bounded by the worst of it and of what is expected to join it, and a tenth more. */
  private begin(expected: readonly Omit<Judged, 'promise'>[]): Staircase {
    const { front, pending, surrogate } = this.situation;
    const reached = [
      ...front.filter((held) => held.violation === 0),
      ...pending.map((network) => this.expect(network)).filter((each) => each.violation === 0),
    ];
    const within = [...reached, ...expected.filter((each) => each.violation === 0)];
    const likely = staircaseOf(within.length > 0 ? within : expected, Infinity, Infinity);
    const usual = expected.slice(0, USUAL_FROM).map(({ network, latencyMs }) => ({
      error: surrogate.errorOf(network).deviation,
      latencyMs: this.latencyBelief(network, latencyMs).deviation,
    }));
    this.usual = {
      error: meanOf(usual.map((u) => u.error)),
      latencyMs: meanOf(usual.map((u) => u.latencyMs)),
    };
    return staircaseOf(reached, beyond(likely.error), beyond(likely.latencyMs));
  }

  private expect(network: Uint16Array): Omit<Judged, 'promise'> {
    const { surrogate, limits, latencyOf } = this.situation;
    const error = surrogate.expectedError(network);
    const latencyMs = latencyOf ? latencyOf(network) : surrogate.expectedLatency(network);
    const over = limits.length === 0 ? 0 : violation(limits, network, { error, latencyMs });
    return { network, error, latencyMs, violation: over };
  }

  private latencyBelief(network: Uint16Array, latencyMs: number): Belief {
    return this.situation.latencyOf
      ? { mean: latencyMs, deviation: 0 }
      : this.situation.surrogate.latencyOf(network);
  }
}

function byPromise(a: Judged, b: Judged): number {
  return a.violation === b.violation ? b.promise - a.promise : a.violation - b.violation;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** A tenth of the range past the greatest. */
function beyond(values: Float64Array): number {
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
  if (!(most >= least)) return Infinity;
  const range = most > least ? most - least : Math.abs(most) || 1;
  return most + 0.1 * range;
}
