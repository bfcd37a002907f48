import { mannWhitney, mean, standardDeviation } from '@espalier/nas/stats';
import type { Figure } from '../../science/figure.js';

/** The same search in four spaces. */
export interface Arms<T> {
  readonly original: T;
  readonly reduced: T;
  readonly published: T;
  readonly random: T;
}

/**
 * Of each space the mean over runs beside the original's and its standard deviation; of the others what the Mann–Whitney test says of
 * the difference from the original: two-sided p, and Cliff's δ, above 0 where the space's values are larger.
 */
export function comparison<T>(name: string, runs: readonly Arms<T>[], valueOf: (run: T) => number): Figure[] {
  const of = (arm: keyof Arms<T>): number[] => runs.map((run) => valueOf(run[arm]));
  const original = of('original');
  const peer = mean(original);
  return (['original', 'reduced', 'published', 'random'] as const).flatMap((arm) => {
    const values = of(arm);
    const row = (suffix: string, value: number, unit = ''): Figure => ({
      ...plain(`${name}/${arm}${suffix}`, value, unit),
      n: runs.length,
    });
    const value = mean(values);
    const { pValue, cliffsDelta } = mannWhitney(values, original);
    return [
      { ...row('', value), peer, ratio: value / peer },
      row('/sd', standardDeviation(values)),
      ...(arm === 'original' ? [] : [row('/p', pValue), row('/delta', cliffsDelta)]),
    ];
  });
}

export function plain(name: string, value: number, unit = ''): Figure {
  return { name, value, unit, peer: null, ratio: null, n: 1 };
}
