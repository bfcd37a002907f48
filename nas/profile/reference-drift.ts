import { quantile } from '../stats/index.js';

const WINDOWS = 10;

/**
 * The largest lasting move of a reference, as a ratio: readings in the order of time are cut into ten windows, and the highest
 * level of a window (its lower quartile) is compared with the lowest. Single disturbed readings do not count: they are why the
 * rounds around them are repeated. Null without readings.
 */
export function referenceDrift(readingsMs: readonly number[]): number | null {
  if (readingsMs.length === 0) return null;
  const windows = Math.min(WINDOWS, readingsMs.length);
  const levels = Array.from({ length: windows }, (_, at) =>
    quantile(
      readingsMs.slice(
        Math.floor((at * readingsMs.length) / windows),
        Math.floor(((at + 1) * readingsMs.length) / windows),
      ),
      0.25,
    ),
  );
  return Math.max(...levels) / Math.min(...levels) - 1;
}
