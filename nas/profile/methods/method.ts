import type { SearchSpace } from '../../space/index.js';
import type { LatencyTable } from '../latency-table.js';
import type { ProfileQuality } from '../quality.js';
import type { Subject } from '../subject.js';

/** Why a subject is measured: for what the method is about, to fit what is fixed, or to check the profile. */
export type Purpose = 'BLOCK' | 'FIT' | 'HELD_OUT';

export interface PlannedSubject {
  readonly subject: Subject;
  readonly purpose: Purpose;
}

/** A planned subject with its samples, milliseconds, a list a round in the order of time. */
export interface MeasuredSubject extends PlannedSubject {
  readonly rounds: readonly ArrayLike<number>[];
  /** Reference readings around each round, milliseconds; may be empty. */
  readonly referenceMs: readonly number[];
  readonly unstable: boolean;
}

export interface ProfilePlan {
  /** In a fixed order; no subject twice. */
  readonly subjects: readonly PlannedSubject[];
  /** How long one device will take, from the multiply-accumulates alone; good to a factor of two. */
  readonly estimatedSeconds: number;
}

/** Lists a position, an entry a choice, milliseconds. */
export type PerChoiceMs = readonly (readonly number[])[];

/** What every method ends in. All tables have an entry for every choice of the space. */
export interface ProfileEstimate {
  /** What predicts networks from now on: the corrected table. */
  readonly table: LatencyTable;
  /** The same before it was corrected with the FIT networks; equal to `table` where nothing was corrected. */
  readonly uncorrected: LatencyTable;
  /** 95 % interval of each entry of `table`; null where the method knows none. */
  readonly intervalMs: { readonly low: PerChoiceMs; readonly high: PerChoiceMs } | null;
  /** Plain time of each block run alone, as the second paper defines a block's latency; null when none was. */
  readonly isolatedMs: PerChoiceMs | null;
  /** What a call costs whatever is run: median intercept of the chains; null where no chain was measured. */
  readonly interceptMs: number | null;
  /** Which statistic the latencies are and how they came about, in words. */
  readonly estimator: string;
  readonly quality: ProfileQuality;
  /** What this method found besides, as plain JSON; docs/guides/profiling-methods.md says what is in it. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * One way to profile a space on a device. Pure and deterministic: the same options and results give the same plans and the
 * same estimate, so that a campaign can be continued by another process. `options` are what a user sent, plain JSON, stored
 * with the campaign; each function reads them again with `optionsOf`.
 */
export interface ProfilingMethod {
  /** Throws ProfileError PROFILE_BAD_OPTION, or PROFILE_NOT_ADDITIVE for a space that the method cannot profile. */
  plan(space: SearchSpace, options: unknown): ProfilePlan;
  /**
   * What to measure further, seeing all results so far in the order measured; nothing ends the campaign. Called whenever all
   * that was planned is measured; absent for a method whose plan says everything.
   */
  readonly next?: (
    space: SearchSpace,
    options: unknown,
    results: readonly MeasuredSubject[],
  ) => readonly PlannedSubject[];
  /** Throws ProfileError PROFILE_MISSING_RESULT when too little was measured and PROFILE_BAD_SAMPLES for what are no times. */
  estimate(space: SearchSpace, options: unknown, results: readonly MeasuredSubject[]): ProfileEstimate;
}
