import { badInput } from '../platform/errors.js';

/** Text of `min`–`max` characters after trimming, of one line and without control characters; otherwise BAD_INPUT. */
export function checkedText(field: string, value: string, min: number, max: number): string {
  const text = value.trim();
  if (text.length < min || text.length > max)
    throw badInput(field, `${field} has ${text.length} characters; expected ${min}–${max}.`);
  // eslint-disable-next-line no-control-regex -- these are what is looked for: PostgreSQL refuses NUL, readers the rest
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw badInput(field, `${field} has control characters; expected plain text.`);
  return text;
}

/** A finite number between `min` and `max`, both included; otherwise BAD_INPUT. */
export function checkedNumber(field: string, value: number, min: number, max: number): number {
  if (!Number.isFinite(value) || value < min || value > max)
    throw badInput(field, `${field} is ${value}; expected a number from ${min} to ${max}.`);
  return value;
}

/** A whole number between `min` and `max`, both included; otherwise BAD_INPUT. */
export function checkedInteger(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw badInput(field, `${field} is ${value}; expected a whole number from ${min} to ${max}.`);
  return value;
}

/** A seed: 0–2,147,483,647. */
export const checkedSeed = (field: string, value: number): number =>
  checkedInteger(field, value, 0, 2_147_483_647);

/** A list of `min`–`max` entries; otherwise BAD_INPUT. */
export function checkedCount<T>(field: string, list: readonly T[], min: number, max: number): readonly T[] {
  if (list.length < min || list.length > max)
    throw badInput(field, `${field} has ${list.length} entries; expected ${min}–${max}.`);
  return list;
}

/**
 * A JSON object that a jsonb column can hold: at most `maxBytes` as text, nested at most 32 deep, without NUL.
 * Depth is looked at first and without recursion, so that a deep value cannot exhaust the stack.
 */
export function checkedJsonObject(field: string, value: unknown, maxBytes: number): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badInput(field, `${field} is not an object.`);
  for (let level: unknown[] = [value], depth = 0; level.length > 0; depth += 1) {
    if (depth > 32) throw badInput(field, `${field} nests deeper than 32 levels.`);
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > maxBytes) throw badInput(field, `${field} is larger than ${maxBytes} bytes.`);
  if (text.includes('\\u0000')) throw badInput(field, `${field} has a NUL character.`);
  return value as Record<string, unknown>;
}
