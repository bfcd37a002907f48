import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ERRORS } from './errors.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

describe('the table of errors', () => {
  const documented = new Map(
    [...readFileSync(`${root}docs/api/errors.md`, 'utf8').matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) /gm)].map(
      ([, code = '', status = '']) => [code, Number(status)] as const,
    ),
  );

  it('is documented whole, with the status that is sent', () => {
    expect(Object.fromEntries(documented)).toEqual(
      Object.fromEntries(Object.entries(ERRORS).map(([code, { status }]) => [code, status])),
    );
  });

  it('has no code that nothing can answer', () => {
    const sources = readdirSync(`${root}server/src`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|generated|platform\/errors\.ts$/.test(name))
      .map((name) => readFileSync(`${root}server/src/${name}`, 'utf8'))
      .join('\n');
    const helpers: Readonly<Record<string, string>> = { BAD_INPUT: 'badInput(', NOT_FOUND: 'notFound(' };
    for (const code of Object.keys(ERRORS))
      expect(sources.includes(`'${code}'`) || sources.includes(helpers[code] ?? `'${code}'`), code).toBe(
        true,
      );
  });
});
