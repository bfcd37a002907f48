import { quantile } from '@espalier/nas/stats';
import type { LoadReading } from './foreign-load.js';
import type { ReferenceGauge } from './reference.js';
import type { Round } from './subject-record.js';

/** Undisturbed rounds that a floor needs. */
const CALM_ROUNDS = 3;

/** Whether nothing is known to have been in the way: no disturbance, and a reference that stood still around the round. */
export function isCalm(
  { referenceMs, disturbance }: Round,
  reference: ReferenceGauge,
  driftRatio: number,
): boolean {
  return disturbance === null && reference.moved(referenceMs) <= driftRatio;
}

/**
 * Why a subject's result is not steady, or null: fewer than three of its rounds were calm, that is between readings of the
 * reference within `driftRatio` of the campaign's calm level and without a disturbance of their own; or its floor is not known
 * within `driftRatio` (`uncertainty`).
 */
export function instability(
  rounds: readonly Round[],
  uncertainty: number,
  reference: ReferenceGauge,
  driftRatio: number,
  crowd: LoadReading | null,
): string | null {
  const calm = rounds.filter((round) => isCalm(round, reference, driftRatio)).length;
  if (calm >= Math.min(CALM_ROUNDS, rounds.length))
    return uncertainty > driftRatio
      ? `its rounds differ: the floor's 95 % interval reaches ${percent(uncertainty)} to a side`
      : null;
  const moves = rounds.map(({ referenceMs }) => reference.moved(referenceMs));
  const moved = moves.filter((ratio) => ratio > driftRatio).length;
  if (moved > 0)
    return `the reference network moved by up to ${percent(Math.max(...moves))} around ${String(moved)} of ${String(rounds.length)} rounds (${causeOf(rounds, reference, driftRatio, crowd)})`;
  const disturbed = rounds.filter(({ disturbance }) => disturbance !== null);
  return `contention in ${String(disturbed.length)} of ${String(rounds.length)} rounds: ${disturbed.at(-1)?.disturbance ?? ''}`;
}

/** A guess from what is known: other load, a floor that kept rising, or load that came and went. */
function causeOf(
  rounds: readonly Round[],
  { readingsMs }: ReferenceGauge,
  driftRatio: number,
  crowd: LoadReading | null,
): string {
  const disturbed = rounds.find(({ disturbance }) => disturbance !== null);
  if (disturbed?.disturbance != null) return `contention: ${disturbed.disturbance}`;
  if (crowd !== null) return `contention: ${inWords(crowd)} when it began`;
  const third = Math.floor(readingsMs.length / 3);
  const early = quantile(readingsMs.slice(0, third), 0.1);
  const late = quantile(readingsMs.slice(-third), 0.1);
  return late > (1 + driftRatio) * early
    ? 'temperature or frequency: it stayed slower towards the end'
    : 'contention';
}

export function inWords({ foreignCores }: LoadReading): string {
  return `other processes kept ${foreignCores.toFixed(1)} cores busy`;
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
