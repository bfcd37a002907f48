import { median } from '../../stats/index.js';

/**
 * Objectives as a regression is to see them: what is far worse than usual (a network that did not learn) only as bad as the
 * median and four times its distance from the best, so that differences among good networks keep their weight.
 */
export function clipping(values: readonly number[]): (value: number) => number {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return () => 0;
  const least = finite.reduce((a, b) => Math.min(a, b));
  const middle = median(finite);
  const most = middle > least ? middle + 4 * (middle - least) : finite.reduce((a, b) => Math.max(a, b));
  return (value) => Math.min(most, Math.max(least - (most - least), value));
}
