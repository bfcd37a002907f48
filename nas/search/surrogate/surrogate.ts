import { nonDominationRanks } from '../../pareto/index.js';
import type { SearchSpace } from '../../space/index.js';
import type { Archived } from '../archive.js';
import { clipping } from './clipped.js';
import { EncodingRegression } from './encoding-regression.js';
import type { Belief } from './expected-improvement.js';
import { layerTraits } from './layer-traits.js';

/**
 * What the networks told so far say of the objectives of others. The shares of variance are learnt anew when there is a fifth
 * more to learn from; in between networks are only added. The same networks in the same order, looked at at the same moments,
 * give the same beliefs, also when a `refit` stands in for the last of these moments.
 */
export class Surrogate {
  private readonly error: EncodingRegression;
  private readonly latency: EncodingRegression;
  /** How many networks had been told when the shares were learnt; 0 before. */
  private learntAt = 0;
  private clip = { error: (value: number) => value, latencyMs: (value: number) => value };
  /** Networks held from the start of this fit, and those told since. */
  private begun = 0;
  private added = 0;

  constructor(space: SearchSpace) {
    const traits = layerTraits(space);
    this.error = new EncodingRegression(traits);
    this.latency = new EncodingRegression(traits);
  }

  /** Takes in what was told, in order, and `pending`: networks taken to be what is expected of them. */
  see(told: readonly Archived[], pending: readonly Uint16Array[]): void {
    if (this.learntAt === 0 || told.length >= this.nextAt) this.learn(told);
    this.error.truncate(this.begun + this.added);
    this.latency.truncate(this.begun + this.added);
    for (const each of told.slice(this.learntAt + this.added)) {
      const network = Uint16Array.from(each.choices);
      this.error.append(network, this.clip.error(each.error));
      this.latency.append(network, this.clip.latencyMs(each.latencyMs));
      this.added++;
    }
    for (const network of pending) {
      this.error.append(network, null);
      this.latency.append(network, null);
    }
  }

  expectedError(network: Uint16Array): number {
    return this.error.expected(network);
  }

  expectedLatency(network: Uint16Array): number {
    return this.latency.expected(network);
  }

  errorOf(network: Uint16Array): Belief {
    return this.error.belief(network);
  }

  latencyOf(network: Uint16Array): Belief {
    return this.latency.belief(network);
  }

  /** What choices add to error and latency, `[layer][choice]`. */
  mainEffects(): Readonly<Record<'error' | 'latencyMs', readonly (readonly number[])[]>> {
    return { error: this.error.mainEffects(), latencyMs: this.latency.mainEffects() };
  }

  /** How many networks had been told at the last fit: with these networks all that beliefs depend on. */
  get fittedAt(): number {
    return this.learntAt;
  }

  /** Fits as was done then. */
  refit(told: readonly Archived[], fittedAt: number): void {
    if (fittedAt > 0) this.learn(told.slice(0, fittedAt));
  }

  private get nextAt(): number {
    return this.learntAt + Math.min(MOST_ADDED, Math.max(LEAST_ADDED, Math.ceil(0.2 * this.learntAt)));
  }

  private learn(told: readonly Archived[]): void {
    this.learntAt = told.length;
    const { networks, error, latencyMs } = this.observations(told);
    this.error.begin(networks, error);
    this.latency.begin(networks, latencyMs);
    this.begun = networks.length;
    this.added = 0;
  }

  private observations(told: readonly Archived[]): {
    readonly networks: readonly Uint16Array[];
    readonly error: readonly number[];
    readonly latencyMs: readonly number[];
  } {
    this.clip = {
      error: clipping(told.map(({ error }) => error)),
      latencyMs: clipping(told.map(({ latencyMs }) => latencyMs)),
    };
    const held = mostTelling(told);
    return {
      networks: held.map(({ choices }) => Uint16Array.from(choices)),
      error: held.map(({ error }) => this.clip.error(error)),
      latencyMs: held.map(({ latencyMs }) => this.clip.latencyMs(latencyMs)),
    };
  }
}

/** Networks between two fits: a fifth of those there are, but so many. */
const LEAST_ADDED = 8;
const MOST_ADDED = 80;
/** Most networks that a fit begins with: the time of a proposal rises with the square. */
const MOST_HELD = 320;

/** All while they are few; then three quarters of those next to the front, and of the others every so manieth. */
function mostTelling(told: readonly Archived[]): readonly Archived[] {
  if (told.length <= MOST_HELD) return told;
  const ranks = nonDominationRanks(told.map(({ error, latencyMs }) => [error, latencyMs]));
  const byRank = told.map((_, i) => i).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || b - a);
  const near = Math.round(0.75 * MOST_HELD);
  const rest = byRank.slice(near);
  const step = rest.length / (MOST_HELD - near);
  const spread = Array.from({ length: MOST_HELD - near }, (_, i) => rest[Math.floor(i * step)] ?? 0);
  return [...byRank.slice(0, near), ...spread].sort((a, b) => a - b).flatMap((i) => told[i] ?? []);
}
