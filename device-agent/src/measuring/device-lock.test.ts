import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDevice } from './device-lock.js';

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-lock-'));
  path = join(folder, 'device.lock');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

it('is held by one at a time, also when all find the same stale lock first', async () => {
  await writeFile(path, '999999999 1 dead');
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const lock = await lockDevice({ path });
      most = Math.max(most, ++holders);
      await sleep(10);
      holders--;
      await lock.release();
    }),
  );
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

it('waits for a live process, says for which, and takes over when it is killed', async () => {
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  children.push(holder);
  await writeFile(path, `${String(holder.pid)}  other`);
  const waitedFor: number[] = [];
  let held = false;
  const waiting = lockDevice({ path, onWait: ({ pid }) => waitedFor.push(pid) }).then((lock) => {
    held = true;
    return lock;
  });
  await sleep(600);
  expect(held).toBe(false);
  expect(waitedFor).toEqual([holder.pid]);
  holder.kill('SIGKILL');
  await (await waiting).release();
});

it.runIf(process.platform === 'linux')('does not trust a pid that another process has now', async () => {
  await writeFile(path, `${String(process.pid)} 1 before-the-reboot`);
  await (await lockDevice({ path })).release();
});

it('gives up when aborted and leaves nothing behind', async () => {
  const lock = await lockDevice({ path });
  await expect(lockDevice({ path, signal: AbortSignal.timeout(50) })).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['device.lock']);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

it('does not release what another holds', async () => {
  const lock = await lockDevice({ path });
  await writeFile(path, '1  someone-else');
  await lock.release();
  expect(await readFile(path, 'utf8')).toBe('1  someone-else');
});
