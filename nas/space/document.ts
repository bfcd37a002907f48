import { SpaceError, shown, type Problem } from './error.js';
import { families, findFamily } from './families/index.js';
import { collectKept, keepAll, type KeptChoices } from './kept.js';
import type { SearchSpace } from './space.js';

export const SPACE_FORMAT = 'espalier.space/1';

/** A space version as it is stored and uploaded. `kept` is absent when every choice is kept. */
export interface SpaceDocument {
  readonly format: typeof SPACE_FORMAT;
  readonly family: string;
  readonly kept?: readonly (readonly number[])[];
}

/** A document's meaning: the root family and what is kept of it. */
export interface ParsedSpace {
  readonly space: SearchSpace;
  readonly kept: KeptChoices;
}

/**
 * Checks an untrusted value, such as decoded JSON or YAML. Throws SpaceError SPACE_INVALID_DOCUMENT with *all* problems and
 * their paths; keys that the format does not know are problems too, so that a misspelt one is not ignored.
 */
export function parseSpaceDocument(value: unknown): ParsedSpace {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid([{ path: '', message: `expected an object, got ${shown(value)}` }]);
  const problems: Problem[] = [];
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const key of fields.keys())
    if (!['format', 'family', 'kept'].includes(key))
      problems.push({ path: shortened(key), message: 'unknown key; expected format, family or kept' });
  if (fields.get('format') !== SPACE_FORMAT)
    problems.push({
      path: 'format',
      message: `expected "${SPACE_FORMAT}", got ${shown(fields.get('format'))}`,
    });
  const name = fields.get('family');
  const space = typeof name === 'string' ? findFamily(name) : undefined;
  if (space === undefined) {
    const known = families.map((each) => each.name).join(', ');
    problems.push({ path: 'family', message: `expected one of ${known}, got ${shown(name)}` });
    throw invalid(problems);
  }
  const kept = fields.has('kept') ? collectKept(space, fields.get('kept'), 'kept', problems) : keepAll(space);
  if (problems.length > 0) throw invalid(problems);
  return { space, kept };
}

/** The document of a space, pruned or whole. */
export function spaceDocument({ space, kept }: ParsedSpace): SpaceDocument {
  const whole = keepAll(space).every((choices, at) => choices.length === kept[at]?.length);
  const root = { format: SPACE_FORMAT, family: space.name } as const;
  return whole ? root : { ...root, kept: kept.map((choices) => [...choices].sort((a, b) => a - b)) };
}

/** The one text of a space, for content addressing: JSON without blanks, keys in a fixed order, `kept` sorted or omitted. */
export function canonicalDocument(parsed: ParsedSpace): string {
  return JSON.stringify(spaceDocument(parsed));
}

function shortened(key: string): string {
  return key.length > 40 ? `${key.slice(0, 37)}…` : key;
}

function invalid(problems: readonly Problem[]): SpaceError {
  return new SpaceError('SPACE_INVALID_DOCUMENT', problems);
}
