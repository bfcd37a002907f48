import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../scripts/system.mjs';

const script = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));

interface Start {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  printed(): string;
  until(text: string): Promise<void>;
  readonly ended: Promise<number | null>;
}

function start(dataDir: string, ports: { port: number; webPort: number }): Start {
  const child = spawn(
    process.execPath,
    [
      script,
      '--no-demo',
      '--data',
      dataDir,
      '--port',
      String(ports.port),
      '--web-port',
      String(ports.webPort),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    printed: () => text,
    ended,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const look = setInterval(() => {
          if (!text.includes(wanted)) return;
          clearInterval(look);
          resolve();
        }, 50);
        void ended.then((code) => {
          clearInterval(look);
          reject(new Error(`npm start ended with ${code}:\n${text}`));
        });
      }),
  };
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );

let dataDir: string;
let ports: { port: number; webPort: number };

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'espalier-start-'));
  chmodSync(dataDir, 0o755);
  ports = { port: await freePort(), webPort: await freePort() };
});

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('npm start', () => {
  it('serves pages and API, keeps a second start off its data, and stops all of it on Ctrl-C', async () => {
    const first = start(dataDir, ports);
    try {
      await first.until('sign in as');
      expect(await answers(ports.port)).toBe(true);
      expect(await answers(ports.webPort)).toBe(true);

      const second = start(dataDir, { port: await freePort(), webPort: await freePort() });
      expect(await second.ended).toBe(1);
      expect(second.printed()).toContain(`${dataDir}`);
      expect(second.printed()).toMatch(/in use by another Espalier/);
      expect(await answers(ports.port)).toBe(true);
    } finally {
      first.child.kill('SIGINT');
    }
    expect(await first.ended).toBe(0);
    expect(await answers(ports.port)).toBe(false);
    expect(await answers(ports.webPort)).toBe(false);
  }, 120_000);

  it('starts again on the data of an earlier start', async () => {
    const again = start(dataDir, ports);
    try {
      await again.until('sign in as');
    } finally {
      again.child.kill('SIGINT');
    }
    expect(await again.ended).toBe(0);
  }, 120_000);

  it.each([
    { option: '--port', who: 'port' as const },
    { option: '--web-port', who: 'webPort' as const },
  ])('names the port that is taken, and $option', async ({ option, who }) => {
    const holder = await listening(ports[who]);
    try {
      const blocked = start(dataDir, ports);
      expect(await blocked.ended).toBe(1);
      expect(blocked.printed()).toContain(`Port ${ports[who]} `);
      expect(blocked.printed()).toMatch(new RegExp(`choose another with ${option}\\b`));
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });
});

const listening = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
