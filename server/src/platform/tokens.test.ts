import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSecret, mintToken, tokenKind, type SecretKind } from './tokens.js';

describe('tokens', () => {
  const kinds: SecretKind[] = ['SESSION', 'API', 'AGENT'];

  it.each(kinds)('of kind %s are recognised, differ each time and are found by their hash', (kind) => {
    const [one, two] = [mintToken(kind), mintToken(kind)];
    expect(one.secret).toMatch(/^esp_[sad][0-9A-Za-z]{38}$/);
    expect(one.secret).not.toBe(two.secret);
    expect(tokenKind(one.secret)).toBe(kind);
    expect(hashSecret(one.secret).equals(one.hash)).toBe(true);
    expect(one.secret.startsWith(one.prefix)).toBe(true);
    expect(one.prefix.length).toBeLessThan(12);
  });

  it('are refused by their checksum when one character is wrong', () => {
    const { secret } = mintToken('API');
    fc.assert(
      fc.property(fc.nat(secret.length - 1), fc.constantFrom(...'0AZaz9'), (at, letter) => {
        const wrong = secret.slice(0, at) + letter + secret.slice(at + 1);
        expect(tokenKind(wrong)).toBe(wrong === secret ? 'API' : null);
      }),
      { seed: 1 },
    );
  });

  it.each(['', 'esp_', 'esp_a', 'Bearer', 'esp_x' + '0'.repeat(38), 'ghp_' + 'a'.repeat(36)])(
    '%j is none',
    (text) => {
      expect(tokenKind(text)).toBeNull();
    },
  );
});
