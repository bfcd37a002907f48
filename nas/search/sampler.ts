import type { Encoding } from '../space/index.js';

/** What an evaluation gives, both minimised: error in percent (100 − accuracy) and latency in milliseconds. */
export interface Objectives {
  readonly error: number;
  readonly latencyMs: number;
}

/** A network and what its evaluation gave. */
export interface Evaluated extends Objectives {
  readonly encoding: Encoding;
}

/**
 * Proposes networks and learns from their evaluations.
 *
 * - The same seed, the same tells in the same order: the same asks, on every platform.
 * - Several asks may be open at once and may be told in any order, or never.
 * - `tell` also takes networks that were never asked for; it throws SearchError for NaN or a network outside the space.
 * - `save` holds everything that later asks depend on; restored at any point, a search goes on as if never interrupted.
 * - Not to be shared between concurrent callers.
 */
export interface Sampler {
  ask(): Encoding;
  tell(evaluated: Evaluated): void;
  save(): Uint8Array;
}
