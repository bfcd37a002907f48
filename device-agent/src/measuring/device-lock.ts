import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DeviceLock {
  /** Gives the device back. Does nothing when it was given back before. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** A file that every agent on the device names; its folder exists. */
  readonly path: string;
  /** Told once while another live process holds the device. */
  readonly onWait?: (holder: { readonly pid: number }) => void;
  readonly signal?: AbortSignal;
}

const RETRY_MS = 250;
const TAKEOVER_RETRY_MS = 5;

/**
 * Waits until no other process measures on this device and keeps others out until released. The file holds the owner's pid
 * and start time, so a lock left by a process that died, or whose pid another process has now, is taken over.
 * Rejects with the signal's reason when aborted.
 */
export async function lockDevice({ path, onWait, signal }: LockOptions): Promise<DeviceLock> {
  const mine = `${String(process.pid)} ${(await startTime(process.pid)) ?? ''} ${crypto.randomUUID()}`;
  const draft = `${path}.${String(process.pid)}.${crypto.randomUUID()}`;
  let told = false;
  await writeFile(draft, mine, { flag: 'wx' });
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (await linked(draft, path)) return { release: () => releaseLock(path, mine) };
      const holder = await contentOf(path);
      if (holder === null) continue;
      if (!(await isAlive(holder))) {
        await removeStale(path, holder, draft);
        continue;
      }
      if (!told) onWait?.({ pid: Number.parseInt(holder, 10) });
      told = true;
      await sleep(RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  } finally {
    await unlink(draft);
  }
}

/** A link appears whole or not at all, with its content: nobody ever reads an empty lock. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function releaseLock(path: string, mine: string): Promise<void> {
  if ((await contentOf(path)) === mine) await unlink(path);
}

/**
 * Two waiters may find the same stale lock, and the slower one must not remove what the faster one put in its place: only the
 * holder of a second lock removes, after looking again. That one is held for two system calls; if its holder died within them
 * it is removed without further ado.
 */
async function removeStale(path: string, stale: string, draft: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await linked(draft, guard))) {
    const holder = await contentOf(guard);
    if (holder !== null && !(await isAlive(holder))) await unlinkIfThere(guard);
    await sleep(TAKEOVER_RETRY_MS);
    return;
  }
  try {
    if ((await contentOf(path)) === stale) await unlinkIfThere(path);
  } finally {
    await unlinkIfThere(guard);
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

async function isAlive(holder: string): Promise<boolean> {
  const [pidText = '', started = ''] = holder.split(' ');
  const pid = Number.parseInt(pidText, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const now = await startTime(pid);
  return now === null || started === '' || now === started;
}

/** Clock ticks since boot when the process started (proc(5), field 22); null where there is no /proc. */
async function startTime(pid: number): Promise<string | null> {
  const stat = await contentOf(`/proc/${String(pid)}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
