import { badInput } from '../../platform/errors.js';

/** What a team writes beside a profile: up to 1,000 characters, lines allowed. BAD_INPUT otherwise. */
export function checkedNote(field: string, value: string): string {
  const text = value.trim();
  if (text.length > 1_000)
    throw badInput(field, `${field} has ${text.length} characters; expected at most 1,000.`);
  // eslint-disable-next-line no-control-regex -- these are what is looked for, line ends and tabs aside
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text))
    throw badInput(field, `${field} has control characters; expected plain text.`);
  return text;
}
