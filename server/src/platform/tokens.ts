import { createHash, randomBytes } from 'node:crypto';

/** A session of a person, a team's API token, a device's agent token. */
export type SecretKind = 'SESSION' | 'API' | 'AGENT';

const LETTERS: Record<SecretKind, string> = { SESSION: 's', API: 'a', AGENT: 'd' };
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^esp_([sad])([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

export interface MintedToken {
  /** The whole secret: shown once, never stored. */
  readonly secret: string;
  /** Its first characters, to recognise it by. */
  readonly prefix: string;
  /** SHA-256 of the secret. */
  readonly hash: Buffer;
}

/**
 * `esp_` + kind + 32 base62 characters (190 random bits) + checksum. The checksum lets a scanner recognise a leaked
 * token, and the server refuse a mistyped one, without a look into the database.
 */
export function mintToken(kind: SecretKind): MintedToken {
  const body = LETTERS[kind] + base62(SECRET_LENGTH);
  const secret = `esp_${body}${checksum(body)}`;
  return { secret, prefix: secret.slice(0, 9), hash: hashSecret(secret) };
}

/** The kind of a well-formed token; null when it is malformed or its checksum is wrong. */
export function tokenKind(secret: string): SecretKind | null {
  const match = FORM.exec(secret);
  if (!match) return null;
  const [, letter = '', random = '', sum = ''] = match;
  if (checksum(letter + random) !== sum) return null;
  return letter === 's' ? 'SESSION' : letter === 'a' ? 'API' : 'AGENT';
}

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

function base62(length: number): string {
  let text = '';
  // Bytes from 248 on would favour the first letters: drawn again.
  while (text.length < length)
    for (const byte of randomBytes(length))
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
  return text;
}

function checksum(body: string): string {
  let rest = createHash('sha256').update(`espalier token ${body}`).digest().readUIntBE(0, 6);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text += ALPHABET[rest % 62];
    rest = Math.floor(rest / 62);
  }
  return text;
}
