import type { Random } from '../stats/index.js';
import { SpaceError, shown, type Problem } from './error.js';
import { layersOf, spaceSize, type SearchSpace } from './space.js';

declare const valid: unique symbol;

/** A network of a space: the index of the chosen block per layer. Only this module makes one, so it is always in range. */
export type Encoding = readonly number[] & { readonly [valid]: true };

/**
 * Checks an untrusted value, such as decoded JSON. Throws SpaceError SPACE_INVALID_ENCODING that lists every bad
 * position, or only the length when that is wrong (a list of any size costs nothing to refuse).
 */
export function parseEncoding(space: SearchSpace, value: unknown): Encoding {
  const layers = layersOf(space);
  if (!Array.isArray(value))
    throw invalid([
      { path: '', message: `expected a list of ${String(layers.length)} indices, got ${shown(value)}` },
    ]);
  if (value.length !== layers.length)
    throw invalid([
      {
        path: '',
        message: `expected ${String(layers.length)} indices for ${space.name}, got ${String(value.length)}`,
      },
    ]);
  const entries: readonly unknown[] = value;
  const problems = layers.flatMap((layer, at): Problem[] => {
    const entry = entries[at];
    const inRange =
      typeof entry === 'number' && Number.isInteger(entry) && entry >= 0 && entry < layer.choices.length;
    const expected = `expected an integer from 0 to ${String(layer.choices.length - 1)} (${layer.name})`;
    return inRange ? [] : [{ path: `[${String(at)}]`, message: `${expected}, got ${shown(entry)}` }];
  });
  if (problems.length > 0) throw invalid(problems);
  return branded(entries.map((entry) => Number(entry) + 0));
}

/** Canonical text: indices joined by full stops, as in `12.0.44`. */
export function encodingKey(encoding: Encoding): string {
  return encoding.join('.');
}

/** The inverse of `encodingKey`; SpaceError for any other spelling (`01.2.3`, `1.2`, ` 1.2.3`). */
export function parseEncodingKey(space: SearchSpace, key: string): Encoding {
  if (key.length > 16 * layersOf(space).length || !/^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(key))
    throw invalid([{ path: '', message: `expected indices joined by ".", got ${shown(key)}` }]);
  return parseEncoding(space, key.split('.').map(Number));
}

/**
 * The place of a network in the space's mixed-radix order, first layer slowest: (b1·B + b2)·B + b3. Accuracy tables are
 * in this order. Throws SpaceError when the space is too large for exact numbers (2^53).
 */
export function encodingIndex(space: SearchSpace, encoding: Encoding): number {
  assertIndexable(space);
  return layersOf(space).reduce(
    (index, layer, at) => index * layer.choices.length + digitAt(encoding, at),
    0,
  );
}

/** The network at a place of that order; SpaceError outside [0, spaceSize). */
export function encodingAt(space: SearchSpace, index: number): Encoding {
  assertIndexable(space);
  if (!Number.isInteger(index) || index < 0 || BigInt(index) >= spaceSize(space))
    throw new SpaceError('SPACE_INVALID_INDEX', [
      {
        path: '',
        message: `expected an integer from 0 to ${String(spaceSize(space) - 1n)}, got ${shown(index)}`,
      },
    ]);
  const digits: number[] = [];
  let rest = index;
  for (const layer of [...layersOf(space)].reverse()) {
    digits.unshift(rest % layer.choices.length);
    rest = Math.floor(rest / layer.choices.length);
  }
  return branded(digits);
}

/** Every network once, in mixed-radix order, made one at a time. */
export function* enumerateEncodings(space: SearchSpace): Generator<Encoding> {
  const counts = layersOf(space).map((layer) => layer.choices.length);
  const digits = counts.map(() => 0);
  for (;;) {
    yield branded([...digits]);
    let at = digits.length - 1;
    while (at >= 0 && digitAt(digits, at) === digitAt(counts, at) - 1) digits[at--] = 0;
    if (at < 0) return;
    digits[at] = digitAt(digits, at) + 1;
  }
}

/** A network drawn uniformly. */
export function sampleEncoding(space: SearchSpace, random: Random): Encoding {
  return branded(layersOf(space).map((layer) => random.int(layer.choices.length)));
}

/** All networks that differ in exactly one layer: Σ (choices − 1) of them, by layer, then by choice. */
export function neighbours(space: SearchSpace, encoding: Encoding): readonly Encoding[] {
  return layersOf(space).flatMap((layer, at) =>
    layer.choices.flatMap((_, choice) =>
      choice === encoding[at] ? [] : [branded(encoding.map((kept, i) => (i === at ? choice : kept)))],
    ),
  );
}

function branded(indices: readonly number[]): Encoding {
  return indices as Encoding;
}

function digitAt(values: readonly number[], at: number): number {
  return values[at] as number;
}

function invalid(problems: readonly Problem[]): SpaceError {
  return new SpaceError('SPACE_INVALID_ENCODING', problems);
}

function assertIndexable(space: SearchSpace): void {
  if (spaceSize(space) > BigInt(Number.MAX_SAFE_INTEGER))
    throw new SpaceError('SPACE_INVALID_INDEX', [
      { path: '', message: `${space.name} is too large to be indexed by a number` },
    ]);
}
