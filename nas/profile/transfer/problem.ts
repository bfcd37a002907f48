import { ProfileError } from '../error.js';

/** A device whose latencies of all candidates are known, milliseconds, measured or predicted by its profile. */
export interface KnownDevice {
  readonly name: string;
  readonly latencyMs: ArrayLike<number>;
  /** Where `latencyMs` are sums over such a table, a list a position: it is then taken as it is and not fitted. */
  readonly table?: readonly (readonly number[])[];
}

/** What candidates are made of, where that is known: a choice at each position, whose latencies nearly add up. */
export interface Positions {
  /** How many choices each position has. */
  readonly choices: readonly number[];
  /** The candidates, a choice a position. */
  readonly encodings: readonly ArrayLike<number>[];
  /** What each choice costs in ways that any device may charge for, such as multiply-accumulates; not negative. */
  readonly blockFeatures: readonly BlockFeature[];
}

export interface BlockFeature {
  readonly name: string;
  /** A list a position, an entry a choice. */
  readonly values: readonly (readonly number[])[];
}

/** A cheap number of every candidate, on a scale on which logarithms of latencies are nearly linear, such as log MACs. */
export interface CandidateFeature {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/**
 * Candidates (networks, or single blocks) and what is known of them before the new device measures any. With `positions`
 * latencies are taken to add up and are compared in milliseconds; without, they are compared as logarithms.
 */
export interface TransferProblem {
  readonly known: readonly KnownDevice[];
  readonly positions?: Positions;
  /** Only without positions. */
  readonly features?: readonly CandidateFeature[];
}

/** A candidate by its place, as the new device measured it. */
export interface TransferSample {
  readonly candidate: number;
  readonly latencyMs: number;
}

export const MIN_SAMPLES = 3;

/** How many candidates there are. Throws ProfileError PROFILE_BAD_SAMPLES that names what is missing, negative or of another length. */
export function checkProblem({ known, positions, features = [] }: TransferProblem): number {
  const [first] = known;
  if (first === undefined) throw bad('no known device: nothing can be transferred');
  const size = first.latencyMs.length;
  if (size === 0) throw bad('there is no candidate');
  for (const { name, latencyMs, table } of known) {
    requireLength(name, latencyMs.length, size);
    requireAll(name, latencyMs, (value) => value > 0 && value < Infinity, 'a positive time');
    if (table !== undefined)
      requireEntries(name, table, positions?.choices ?? [], Number.isFinite, 'a finite number');
  }
  if (positions !== undefined && features.length > 0)
    throw bad('candidates with positions have features of blocks, not of candidates');
  for (const { name, values } of features) {
    requireLength(name, values.length, size);
    requireAll(name, values, Number.isFinite, 'a finite number');
  }
  if (positions !== undefined) checkPositions(positions, size);
  return size;
}

/** Throws ProfileError PROFILE_MISSING_RESULT below three samples, PROFILE_BAD_SAMPLES for one that is no time or is given twice. */
export function checkSamples(samples: readonly TransferSample[], size: number): void {
  const seen = new Set<number>();
  for (const { candidate, latencyMs } of samples) {
    if (!Number.isInteger(candidate) || candidate < 0 || candidate >= size)
      throw bad(`sample of candidate ${String(candidate)}: expected 0 to ${String(size - 1)}`);
    if (seen.has(candidate)) throw bad(`candidate ${String(candidate)} is measured twice`);
    if (!(latencyMs > 0 && latencyMs < Infinity))
      throw bad(`candidate ${String(candidate)} took ${String(latencyMs)}, expected a positive time`);
    seen.add(candidate);
  }
  if (samples.length < MIN_SAMPLES)
    throw new ProfileError(
      'PROFILE_MISSING_RESULT',
      `transfer needs at least ${String(MIN_SAMPLES)} measured candidates, got ${String(samples.length)}`,
    );
}

function checkPositions({ choices, encodings, blockFeatures }: Positions, size: number): void {
  requireLength('encodings', encodings.length, size);
  for (const [at, encoding] of encodings.entries()) {
    requireLength(`candidate ${String(at)}`, encoding.length, choices.length);
    for (const [position, count] of choices.entries()) {
      const choice = encoding[position] ?? NaN;
      if (!(Number.isInteger(choice) && choice >= 0 && choice < count))
        throw bad(`candidate ${String(at)} has no choice ${String(choice)} at position ${String(position)}`);
    }
  }
  for (const { name, values } of blockFeatures)
    requireEntries(
      name,
      values,
      choices,
      (value) => value >= 0 && value < Infinity,
      'a number of at least 0',
    );
}

function requireEntries(
  name: string,
  values: readonly (readonly number[])[],
  choices: readonly number[],
  holds: (value: number) => boolean,
  expected: string,
): void {
  requireLength(name, values.length, choices.length);
  for (const [position, entries] of values.entries()) {
    const where = `${name} at position ${String(position)}`;
    requireLength(where, entries.length, choices[position] ?? 0);
    requireAll(where, entries, holds, expected);
  }
}

function requireLength(name: string, length: number, expected: number): void {
  if (length !== expected) throw bad(`${name}: expected ${String(expected)} values, got ${String(length)}`);
}

function requireAll(
  name: string,
  values: ArrayLike<number>,
  holds: (value: number) => boolean,
  expected: string,
): void {
  for (let i = 0; i < values.length; i++)
    if (!holds(values[i] ?? NaN))
      throw bad(`${name}: value ${String(i)} is ${String(values[i])}, expected ${expected}`);
}

function bad(message: string): ProfileError {
  return new ProfileError('PROFILE_BAD_SAMPLES', message);
}
