import { createHash, randomInt } from 'node:crypto';

/** Without 0 O 1 I L U: read aloud and typed on a board without a mistake. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;

/** Eight characters, 30⁸ of them: good once, for ten minutes. */
export const mintPairingCode = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** What is stored of a code; null when it cannot be one. Case, blanks and dashes do not matter. */
export function pairingCodeHash(code: string): Buffer | null {
  if (code.length > 40) return null;
  const plain = code.replaceAll(/[\s-]/g, '').toUpperCase();
  if (plain.length !== LENGTH || [...plain].some((letter) => !ALPHABET.includes(letter))) return null;
  return createHash('sha256').update(`espalier pairing ${plain}`).digest();
}
