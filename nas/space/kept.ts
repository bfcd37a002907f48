import type { Random } from '../stats/index.js';
import { parseEncoding, type Encoding } from './encoding.js';
import { SpaceError, shown, type Problem } from './error.js';
import { drawNetwork, eachNetwork, networksOf } from './networks.js';
import { positionsOf, type SearchSpace } from './space.js';

/**
 * What a pruned space keeps: per position the sorted indices into the root's choices, never none. Encodings stay those of the
 * root, so a network has one encoding in the full space and in every pruned one.
 */
export type KeptChoices = readonly (readonly number[])[];

/** Everything. */
export function keepAll(space: SearchSpace): KeptChoices {
  return positionsOf(space).map(({ choices }) => choices.map((_, choice) => choice));
}

/** Checks an untrusted value and sorts it. Throws SpaceError SPACE_INVALID_KEPT with every problem and its path. */
export function parseKept(space: SearchSpace, value: unknown, path = 'kept'): KeptChoices {
  const problems: Problem[] = [];
  const kept = collectKept(space, value, path, problems);
  if (problems.length > 0) throw new SpaceError('SPACE_INVALID_KEPT', problems);
  return kept;
}

/** `parseKept` that adds to `problems` instead of throwing; what it returns is valid only when it added none. */
export function collectKept(
  space: SearchSpace,
  value: unknown,
  path: string,
  problems: Problem[],
): KeptChoices {
  const positions = positionsOf(space);
  if (!Array.isArray(value) || value.length !== positions.length) {
    problems.push({
      path,
      message: `expected one list for each of ${String(positions.length)} positions, got ${shown(value)}`,
    });
    return [];
  }
  const lists: readonly unknown[] = value;
  const found = problems.length;
  const kept = positions.map((position, at) => {
    const list = lists[at];
    const here = `${path}[${String(at)}]`;
    const count = position.choices.length;
    if (!Array.isArray(list) || list.length === 0 || list.length > count) {
      problems.push({
        path: here,
        message: `expected 1 to ${String(count)} choices of ${position.name}, got ${shown(list)}`,
      });
      return [];
    }
    const seen = new Set<number>();
    (list as readonly unknown[]).forEach((entry, i) => {
      const inRange = typeof entry === 'number' && Number.isInteger(entry) && entry >= 0 && entry < count;
      const where = `${here}[${String(i)}]`;
      if (!inRange)
        problems.push({
          path: where,
          message: `expected an integer from 0 to ${String(count - 1)}, got ${shown(entry)}`,
        });
      else if (seen.has(entry))
        problems.push({ path: where, message: `choice ${String(entry)} is listed twice` });
      else seen.add(entry);
    });
    return [...seen].sort((a, b) => a - b);
  });
  if (problems.length === found && networksOf(space, kept).size === 0n)
    problems.push({ path, message: `what is kept makes no network of ${space.name}` });
  return kept;
}

/** How many networks are kept; 0 when the space's constraints leave none. */
export function keptSize(space: SearchSpace, kept: KeptChoices): bigint {
  return networksOf(space, kept).size;
}

/** Whether a network lies in the pruned space. */
export function isKept(kept: KeptChoices, encoding: Encoding): boolean {
  return encoding.every((choice, at) => kept[at]?.includes(choice) === true);
}

/** What both keep. Throws SpaceError SPACE_INVALID_KEPT when a layer would be left empty. */
export function restrict(space: SearchSpace, kept: KeptChoices, further: KeptChoices): KeptChoices {
  return parseKept(
    space,
    kept.map((choices, at) => choices.filter((choice) => further[at]?.includes(choice) === true)),
  );
}

/** Every network of the pruned space once, in lexicographic order, made one at a time. */
export function* enumerateKept(space: SearchSpace, kept: KeptChoices): Generator<Encoding> {
  for (const choices of eachNetwork(networksOf(space, kept))) yield parseEncoding(space, choices);
}

/** A network of the pruned space, drawn uniformly over networks. RangeError when it has none. */
export function sampleKept(space: SearchSpace, kept: KeptChoices, random: Random): Encoding {
  return keptSampler(space, kept)(random);
}

/** `sampleKept` for many draws. */
export function keptSampler(space: SearchSpace, kept: KeptChoices): (random: Random) => Encoding {
  const networks = networksOf(space, kept);
  return (random) => parseEncoding(space, drawNetwork(networks, random));
}
