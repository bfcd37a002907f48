import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: undefined,
      allowedOrigins: [],
    });
  });

  it('treats an empty variable as unset', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 4000 });
  });

  it('names every variable that is wrong at once, and none of their values', () => {
    const wrong = { PORT: 'many', DATABASE_URL: 'mysql://user:hunter2@host/db', ESPALIER_SECRET: 'short' };
    expect(() => readConfig(wrong)).toThrow(/PORT.*DATABASE_URL.*ESPALIER_SECRET|DATABASE_URL/s);
    try {
      readConfig(wrong);
    } catch (error) {
      for (const name of Object.keys(wrong)) expect(String(error)).toContain(name);
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('reads a list of origins', () => {
    expect(
      readConfig({ ESPALIER_ALLOWED_ORIGINS: 'https://a.example, https://b.example,' }).allowedOrigins,
    ).toEqual(['https://a.example', 'https://b.example']);
  });
});
