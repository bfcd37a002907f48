import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepIdentity, readIdentity } from './identity.js';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'espalier-agent-'));
});

afterEach(() => rmSync(dataDir, { recursive: true }));

const IDENTITY = { server: 'http://127.0.0.1:4000', deviceId: 'd', token: 'esp_agent' };

it('keeps the token readable by its owner alone, for its server alone', () => {
  expect(readIdentity(dataDir, IDENTITY.server)).toBeNull();
  keepIdentity(dataDir, IDENTITY);
  expect(readdirSync(dataDir)).toEqual(['agent.json']);
  expect(statSync(join(dataDir, 'agent.json')).mode & 0o777).toBe(0o600);
  expect(readIdentity(dataDir, IDENTITY.server)).toEqual(IDENTITY);
  expect(readIdentity(dataDir, 'https://elsewhere.example')).toBeNull();
});
