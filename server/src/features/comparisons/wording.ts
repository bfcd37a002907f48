import type { StoredInterval } from './entities.js';

/** Two significant digits; a dash for what is not known. */
export const digits = (value: number | null | undefined): string =>
  value == null ? '–' : value.toPrecision(2);

/** `0.8–1.9`, or what is known of it: 0 and null are bounds of resamples in which one side never got there. */
export function intervalText(interval: StoredInterval | null | undefined): string {
  const { low, high } = interval ?? { low: null, high: null };
  if (high === null) return low ? `above ${low.toFixed(1)}` : 'without bounds';
  return low ? `${low.toFixed(1)}–${high.toFixed(1)}` : `up to ${high.toFixed(1)}`;
}

/** `0.003`, or `< 0.001`. */
export const probability = (p: number): string =>
  p < 0.001 ? '< 0.001' : `= ${p.toPrecision(p < 0.1 ? 1 : 2)}`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const labels = (groups: readonly { readonly label: string }[]): string =>
  list(groups.map((group) => group.label));

export const plural = (groups: readonly unknown[], one: string, many: string): string =>
  groups.length === 1 ? one : many;

export const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
