import { GrowingPosterior } from './growing-posterior.js';
import {
  covarianceParts,
  firstShares,
  NetworkCovariance,
  type Shares,
  type Traits,
} from './network-covariance.js';
import { varianceShares } from './variance-shares.js';
import type { Belief } from './expected-improvement.js';

/**
 * What observed networks say of one objective of others: a Gaussian process over choices, refitted now and then and extended by
 * a network at a time in between.
 */
export class EncodingRegression {
  private posterior = new GrowingPosterior();
  private networks = new Uint16Array(0);
  private covariances = new Float64Array(1);
  private centre = 0;
  private covariance: NetworkCovariance | null = null;
  private noise = 0;

  constructor(private readonly traits: Traits) {}

  /** How many networks are held. */
  get size(): number {
    return this.posterior.size;
  }

  /** Learns what covariance these observations have, and holds them. */
  begin(networks: readonly Uint16Array[], targets: readonly number[]): void {
    const shares = this.sharesOf(networks, targets);
    this.noise = shares.at(-1) ?? 0;
    this.covariance = new NetworkCovariance(this.traits, shares);
    this.centre = meanOf(targets);
    this.posterior = new GrowingPosterior();
    networks.forEach((network, i) => {
      this.append(network, targets[i] as number);
    });
  }

  /** A network more; with target null it is only taken to be what is expected of it. */
  append(network: Uint16Array, target: number | null): void {
    const n = this.posterior.size;
    this.reserve(n + 1);
    this.networks.set(network, n * network.length);
    this.between(network, n);
    this.covariances[n] = this.covarianceNow.own + this.noise;
    this.posterior.append(this.covariances, target === null ? null : target - this.centre);
  }

  /** Keeps the first `size` networks. */
  truncate(size: number): void {
    this.posterior.truncate(size);
  }

  expected(network: Uint16Array): number {
    this.between(network, this.posterior.size);
    return this.centre + product(this.posterior.weights(), this.covariances);
  }

  /** Of an evaluation: what the covariance calls noise is mostly what is particular to a network, and may be its merit. */
  belief(network: Uint16Array): Belief {
    const mean = this.expected(network);
    const variance = this.covarianceNow.own + this.noise - this.posterior.explained(this.covariances);
    return { mean, deviation: Math.sqrt(Math.max(0, variance)) };
  }

  /** Expected difference that a choice makes at its layer, `[layer][choice]`. */
  mainEffects(): readonly (readonly number[])[] {
    return this.covarianceNow.mainEffects(this.networks, this.posterior.weights());
  }

  /** What shares of the targets' variance the parts of the covariance explain. */
  private sharesOf(networks: readonly Uint16Array[], targets: readonly number[]): Shares {
    const every = Math.max(1, networks.length / MOST_FOR_SHARES);
    const count = Math.floor(networks.length / every);
    const chosen = Array.from({ length: count }, (_, i) => Math.floor((i + 1) * every) - 1);
    const centre = meanOf(targets);
    const centred = Float64Array.from(chosen, (i) => (targets[i] as number) - centre);
    const variance = centred.reduce((sum, value) => sum + value * value, 0) / count;
    const from = firstShares(this.traits, variance);
    const observed = chosen.map((i) => networks[i] as Uint16Array);
    return varianceShares(covarianceParts(this.traits, from, observed), centred, from, STEPS);
  }

  private get covarianceNow(): NetworkCovariance {
    if (this.covariance === null) throw new RangeError('a regression needs observations to begin with');
    return this.covariance;
  }

  private between(network: Uint16Array, count: number): void {
    this.covarianceNow.between(network, this.networks, count, this.covariances);
  }

  private reserve(size: number): void {
    if (size < this.covariances.length) return;
    const room = 2 * Math.max(size, 32);
    const networks = new Uint16Array(room * this.traits.length);
    networks.set(this.networks);
    this.networks = networks;
    this.covariances = new Float64Array(room);
  }
}

/** Networks that the shares are learnt from: their cost rises with the cube. */
const MOST_FOR_SHARES = 100;
/**
 * Few steps from equal shares, anew each time: held back like this they predict unseen networks of both Fashion spaces better,
 * and know better how unsure they are, than the most likely ones do.
 */
const STEPS = 4;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function product(weights: Float64Array, covariances: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (covariances[i] as number);
  return sum;
}
