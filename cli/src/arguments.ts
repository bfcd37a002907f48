import { InvalidArgumentError } from 'commander';

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
