import { quantile } from '@espalier/nas/stats';
import type { LoadReading } from './foreign-load.js';
import type { ReferenceGauge } from './reference.js';

/** Rounds around which the reference stood still that a floor needs. */
const CALM_ROUNDS = 3;

/**
 * Why a subject's result is not steady, or null: fewer than three of its rounds lay between readings of the reference within
 * `driftRatio` of the campaign's calm level. `referenceMs` has one reading a round.
 */
export function instability(
  referenceMs: readonly number[],
  reference: ReferenceGauge,
  driftRatio: number,
  crowd: LoadReading | null,
): string | null {
  const calm = referenceMs.filter((reading) => reference.moved(reading) <= driftRatio).length;
  if (calm >= Math.min(CALM_ROUNDS, referenceMs.length)) return null;
  const worst = Math.max(...referenceMs.map((reading) => reference.moved(reading)));
  const moved = `the reference network moved by up to ${(100 * worst).toFixed(1)} % around ${String(referenceMs.length - calm)} of ${String(referenceMs.length)} rounds`;
  return `${moved} (${causeOf(reference, driftRatio, crowd)})`;
}

/** A guess from what is known: other load at the start, a floor that kept rising, or load that came and went. */
function causeOf(reference: ReferenceGauge, driftRatio: number, crowd: LoadReading | null): string {
  if (crowd !== null)
    return `contention: other processes kept ${crowd.foreignCores.toFixed(1)} cores busy when it began`;
  const third = Math.floor(reference.readingsMs.length / 3);
  const early = quantile(reference.readingsMs.slice(0, third), 0.1);
  const late = quantile(reference.readingsMs.slice(-third), 0.1);
  return late > (1 + driftRatio) * early
    ? 'temperature or frequency: it stayed slower towards the end'
    : 'contention';
}
