import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../scripts/demo.mjs', import.meta.url));
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('espalier-demo-'));

// What the demo finds is tested on a system that also shows it: demo-results.ts.
it('npm run demo says how far it is, and leaves no data behind when it is interrupted', async () => {
  const before = leftovers();
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (/profile: \d+ of \d+/.test(said)) child.kill('SIGINT');
  });
  expect(await ended, said).toBe(130);
  expect(said).toMatch(/profile: \d+ of \d+/);
  expect(leftovers()).toEqual(before);
}, 120_000);
