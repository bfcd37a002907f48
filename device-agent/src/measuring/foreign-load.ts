import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the device can be measured on now. */
export interface LoadReading {
  /** Processors kept busy by other processes, 0 to the number of processors. */
  readonly foreignCores: number;
  /** How many they may keep busy before they take what a measurement needs. */
  readonly allowedCores: number;
}

export interface QuietOptions {
  readonly threads: number;
  /** After this the measurement goes on and is marked, milliseconds. */
  readonly maxWaitMs: number;
  /** Told once when waiting begins. */
  readonly onWait?: (reading: LoadReading) => void;
  readonly signal?: AbortSignal;
}

const WINDOW_MS = 300;

/** Part of a core that may be missing: the kernel, this process' other threads, clock granularity. */
const TOLERANCE_CORES = 0.35;

/** Waits until others leave enough processors idle. Returns null then, or the last reading when the time is up. */
export async function waitForQuiet(options: QuietOptions): Promise<LoadReading | null> {
  const deadline = performance.now() + options.maxWaitMs;
  let told = false;
  for (;;) {
    const reading = await readLoad(options.threads, options.signal);
    if (reading.foreignCores <= reading.allowedCores) return null;
    if (performance.now() >= deadline) return reading;
    if (!told) options.onWait?.(reading);
    told = true;
  }
}

/** Reads over 300 ms. Busy time of all processors less this process' own. */
export async function readLoad(threads: number, signal?: AbortSignal): Promise<LoadReading> {
  const before = snapshot();
  await sleep(WINDOW_MS, undefined, signal === undefined ? {} : { signal });
  const after = snapshot();
  const totalMs = after.totalMs - before.totalMs;
  const busyRatio = totalMs > 0 ? Math.max(0, after.busyMs - before.busyMs) / totalMs : 0;
  const ownCores = (after.ownMs - before.ownMs) / (after.atMs - before.atMs);
  return {
    foreignCores: Math.max(0, busyRatio * after.cores - ownCores),
    allowedCores: Math.max(0, after.cores - threads) + TOLERANCE_CORES,
  };
}

function snapshot(): {
  readonly cores: number;
  readonly atMs: number;
  readonly totalMs: number;
  readonly busyMs: number;
  readonly ownMs: number;
} {
  const processors = cpus();
  const { user, system } = process.cpuUsage();
  let totalMs = 0;
  let busyMs = 0;
  for (const { times } of processors) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMs += busy;
    totalMs += busy + times.idle;
  }
  return {
    cores: processors.length,
    atMs: performance.now(),
    totalMs,
    busyMs,
    ownMs: (user + system) / 1000,
  };
}
