import type { SamplerKind } from '@/graphql/generated/documents';

export const samplerNames = {
  REGULARIZED_EVOLUTION: 'regularised evolution',
  REPRUNING_EVOLUTION: 'evolution that prunes anew',
  RANDOM: 'random sampling',
  EXHAUSTIVE: 'exhaustive search',
  NSGA2: 'NSGA-II',
  LOCAL: 'local search',
  RANDOM_MUTATION: 'random mutation',
  CONSTRAINED_EVOLUTION: 'constrained evolution',
  SURROGATE: 'surrogate',
  PROGRESSIVE_UNPRUNING: 'progressive un-pruning',
} as const satisfies Record<SamplerKind, string>;

/** `populationSize` as `population size`. */
export const settingWords = (name: string): string =>
  name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );

/** A name at the beginning of a sentence. */
export const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

interface Limits {
  readonly latencyMs: number | null;
  readonly accuracy: number | null;
  readonly paramCount: number | null;
  readonly macs: number | null;
}

/** `latency ≤ 12 ms, accuracy ≥ 75 %`. */
export function limitWords({ latencyMs, accuracy, paramCount, macs }: Limits, unit: string): string {
  return [
    ...(latencyMs === null ? [] : [`latency ≤ ${grouped(latencyMs)} ms`]),
    ...(accuracy === null ? [] : [`accuracy ≥ ${grouped(accuracy)} ${unit}`]),
    ...(paramCount === null ? [] : [`parameters ≤ ${grouped(paramCount)}`]),
    ...(macs === null ? [] : [`multiply-accumulates ≤ ${grouped(macs)}`]),
  ].join(', ');
}

const grouped = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 6 });
