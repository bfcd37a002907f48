import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials, forgetCredentials, keepCredentials } from './credentials.js';

let env: { XDG_CONFIG_HOME: string };

beforeEach(() => {
  env = { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'espalier-cli-')) };
});

afterEach(() => rmSync(env.XDG_CONFIG_HOME, { recursive: true }));

const KEPT = { url: 'https://espalier.example', token: 'esp_kept' };

describe('credentials', () => {
  it('are the local server and no token at first', () => {
    expect(credentials(env)).toEqual({ url: 'http://127.0.0.1:4000', token: null });
  });

  it('are kept readable by their owner alone, until forgotten', () => {
    const path = keepCredentials(KEPT, env);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(credentials(env)).toEqual(KEPT);
    forgetCredentials(env);
    expect(credentials(env).token).toBeNull();
  });

  it('come from the environment before what is kept', () => {
    keepCredentials(KEPT, env);
    expect(credentials({ ...env, ESPALIER_TOKEN: 'esp_other' })).toEqual({ ...KEPT, token: 'esp_other' });
  });

  it('never give one server the token of another', () => {
    keepCredentials(KEPT, env);
    expect(credentials({ ...env, ESPALIER_URL: 'https://elsewhere.example' })).toEqual({
      url: 'https://elsewhere.example',
      token: null,
    });
  });
});
