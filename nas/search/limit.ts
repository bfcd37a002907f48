import { SearchError } from './error.js';
import type { Objectives } from './sampler.js';

/** What a network may have at most, such as 20 ms or 5 million parameters. */
export interface Limit {
  /** Names it in checkpoints: one taken under another name or limit is refused. */
  readonly name: string;
  readonly atMost: number;
  /** The limited amount, in the unit of `atMost`; the same for the same network and objectives. */
  readonly of: (choices: ArrayLike<number>, objectives: Objectives) => number;
  /** Whether `of` reads the choices alone: then a sampler may draw anew what passes the limit, before it is evaluated. */
  readonly isKnownBefore?: boolean;
}

/** At most so many milliseconds. */
export function latencyLimit(atMostMs: number): Limit {
  return { name: 'latencyMs', atMost: atMostMs, of: (_, { latencyMs }) => latencyMs };
}

/** At most so many percent of error, which is at least 100 less so much accuracy. */
export function errorLimit(atMostPercent: number): Limit {
  return { name: 'error', atMost: atMostPercent, of: (_, { error }) => error };
}

/**
 * By how much limits are passed, each in units of itself, summed (Deb et al. 2002); 0 for a feasible network. Infinite where an
 * amount is not a number.
 */
export function violation(
  limits: readonly Limit[],
  choices: ArrayLike<number>,
  objectives: Objectives,
): number {
  let sum = 0;
  for (const { atMost, of } of limits) {
    const over = of(choices, objectives) - atMost;
    if (over <= 0) continue;
    sum += Number.isNaN(over) ? Infinity : over / (Math.abs(atMost) || 1);
  }
  return sum;
}

/** Whether the limits that are known before an evaluation are kept. */
export function keepsKnown(limits: readonly Limit[], choices: ArrayLike<number>): boolean {
  const known = limits.filter(({ isKnownBefore }) => isKnownBefore === true);
  return known.length === 0 || violation(known, choices, { error: NaN, latencyMs: NaN }) === 0;
}

/** SearchError SEARCH_INVALID_SETTINGS for a limit that is no number. */
export function checkLimits(limits: readonly Limit[]): void {
  const bad = limits.find(({ atMost }) => Number.isNaN(atMost));
  if (bad !== undefined)
    throw new SearchError('SEARCH_INVALID_SETTINGS', `the limit of ${bad.name} is not a number`);
}

/** What of them a checkpoint's name holds. */
export function namesOf(limits: readonly Limit[]): readonly (readonly [string, number])[] {
  return limits.map(({ name, atMost }) => [name, atMost]);
}
