import type { Points } from './dominance.js';

/** Per objective the least value of the reference front (`ideal`) and its range (`range`, 1 where it has none). */
export interface Normalisation {
  readonly ideal: readonly number[];
  readonly range: readonly number[];
}

/** Zero-to-one over the *reference front*, never over the set that is judged. RangeError for an empty front. */
export function normalisationBy(reference: Points): Normalisation {
  const first = reference[0];
  if (first === undefined) throw new RangeError('an empty reference front has no range');
  const ideal = first.map((_, i) =>
    reference.reduce((least, z) => Math.min(least, z[i] as number), Infinity),
  );
  const nadir = first.map((_, i) => reference.reduce((most, z) => Math.max(most, z[i] as number), -Infinity));
  return { ideal, range: ideal.map((low, i) => (nadir[i] as number) - low || 1) };
}

/** (f − ideal) / range; values outside [0, 1] stay outside. */
export function normalised(points: Points, { ideal, range }: Normalisation): Points {
  return points.map((point) => point.map((f, i) => (f - (ideal[i] as number)) / (range[i] as number)));
}
