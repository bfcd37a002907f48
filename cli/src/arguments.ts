import { InvalidArgumentError } from 'commander';
import type { MetricMeaning } from './graphql/generated/documents.js';

/** Parses a number from `low` to `high`; commander says which option was wrong. */
export function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high))
      throw new InvalidArgumentError(`Expected a number from ${low} to ${high}.`);
    return value;
  };
}

export function wholeNumberBetween(low: number, high: number): (text: string) => number {
  const parse = numberBetween(low, high);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value))
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
    return value;
  };
}

export function oneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new InvalidArgumentError(`Expected ${values.join(', ')}.`);
    return found;
  };
}

/** An instant in ISO 8601, for example `2026-05-04T12:00Z`; a time without an offset is UTC, a date alone its midnight. */
export function instant(text: string): string {
  const zoned = /([zZ]|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(zoned) : new Date(Number.NaN);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('Expected an instant, for example 2026-05-04T12:00Z.');
  return at.toISOString();
}

/** Whole numbers with commas between, ascending: `10,100,1000`. */
export function ascending(text: string): number[] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.some((each, at) => !Number.isInteger(each) || each < 1 || each <= (numbers[at - 1] ?? 0)))
    throw new InvalidArgumentError('Expected ascending whole numbers with commas between: 10,100,1000.');
  return numbers;
}

/** An encoding as it is shown, for example `3.17.8`. */
export function encoding(text: string): number[] {
  const parts = text.split('.').map(Number);
  if (parts.some((part, at) => !Number.isInteger(part) || part < 0 || text.split('.')[at] === ''))
    throw new InvalidArgumentError('Expected indices with dots between, for example 3.17.8.');
  return parts;
}

/** `label=RUN,RUN`, collected over several options. */
export function group(
  text: string,
  earlier: readonly { label: string; searchRunIds: string[] }[] = [],
): { label: string; searchRunIds: string[] }[] {
  const at = text.indexOf('=');
  const searchRunIds = text
    .slice(at + 1)
    .split(',')
    .filter(Boolean);
  if (at < 1 || searchRunIds.length === 0)
    throw new InvalidArgumentError('Expected a label and ids of runs: label=RUN,RUN.');
  return [...earlier, { label: text.slice(0, at), searchRunIds }];
}

/** `COLUMN=UNIT`, then words after colons: `higher`, and what it is about. Collected over several options. */
export interface MetricArgument {
  readonly column: string;
  readonly unit: string;
  readonly direction: 'LOWER_IS_BETTER' | 'HIGHER_IS_BETTER';
  readonly meaning: MetricMeaning;
}

const MEANINGS = [
  'LATENCY',
  'ENERGY',
  'THROUGHPUT',
  'PARAMS',
  'MACS',
  'MEMORY',
  'ACCURACY',
  'TRAINING_TIME',
  'OTHER',
] as const satisfies readonly MetricMeaning[];

export function metric(text: string, earlier: readonly MetricArgument[] = []): MetricArgument[] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new InvalidArgumentError('Expected a column and its unit: latency=ms, or params= for a count.');
  const [unit = '', ...words] = text.slice(at + 1).split(':');
  let direction: MetricArgument['direction'] = 'LOWER_IS_BETTER';
  let meaning: MetricMeaning = 'OTHER';
  for (const word of words) {
    const known = MEANINGS.find((each) => each.toLowerCase().replace('_', '-') === word.toLowerCase());
    if (word.toLowerCase() === 'higher') direction = 'HIGHER_IS_BETTER';
    else if (known) meaning = known;
    else
      throw new InvalidArgumentError(
        `Expected higher, ${MEANINGS.map((each) => each.toLowerCase().replace('_', '-')).join(', ')} after a colon, not ${word}.`,
      );
  }
  return [...earlier, { column: text.slice(0, at), unit, direction, meaning }];
}

/** `PART=COLUMN`, or the column alone for a notation of one; collected over several options. */
export function encodingColumn(
  text: string,
  earlier: readonly { part: string | null; column: string }[] = [],
): { part: string | null; column: string }[] {
  const at = text.indexOf('=');
  if (text === '' || at === 0) throw new InvalidArgumentError('Expected PART=COLUMN, or a column.');
  return [
    ...earlier,
    at < 0 ? { part: null, column: text } : { part: text.slice(0, at), column: text.slice(at + 1) },
  ];
}

export interface ToldResult {
  readonly trialId: string;
  readonly fence: number;
  readonly accuracy?: number;
  readonly failed?: string;
}

/** `TRIAL.FENCE=ACCURACY` or `TRIAL.FENCE=failed:REASON`, collected over several arguments. */
export function told(text: string, earlier: readonly ToldResult[] = []): ToldResult[] {
  const [, trialId = '', fence = '', value = ''] = /^([\w-]+)\.(\d{1,9})=(.+)$/s.exec(text) ?? [];
  const failed = value.startsWith('failed:') ? value.slice('failed:'.length).trim() : null;
  const accuracy = Number(value);
  if (failed === '' || (failed === null && (value.trim() === '' || !Number.isFinite(accuracy))))
    throw new InvalidArgumentError(
      'Expected TRIAL=ACCURACY or TRIAL=failed:REASON, TRIAL as `ask` shows it.',
    );
  const trial = { trialId, fence: Number(fence) };
  return [...earlier, failed === null ? { ...trial, accuracy } : { ...trial, failed }];
}

/** Values of an option that may be given several times. */
export const collected = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text];

/** A JSON object, for example `{"heldOutNetworks": 100}`. */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('Expected a JSON object, for example {"heldOutNetworks": 100}.');
  return { ...value };
}

export interface ChangedEntry {
  readonly layer: number;
  readonly choice: number;
  readonly ms: number;
}

/** `LAYER.CHOICE=MS`, by index; collected over several options. */
export function changedEntry(text: string, earlier: readonly ChangedEntry[] = []): ChangedEntry[] {
  const [, layer, choice, written = ''] = /^(\d{1,6})\.(\d{1,6})=(.+)$/.exec(text) ?? [];
  const ms = Number(written);
  if (layer === undefined || choice === undefined || written.trim() === '' || !Number.isFinite(ms))
    throw new InvalidArgumentError('Expected LAYER.CHOICE=MS by index, for example 3.17=0.42.');
  return [...earlier, { layer: Number(layer), choice: Number(choice), ms }];
}
