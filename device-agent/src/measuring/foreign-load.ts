import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the device can be measured on now. */
export interface LoadReading {
  /** Processors kept busy by other processes, and by other virtual machines as far as told, 0 to the number of processors. */
  readonly foreignCores: number;
  /** How many they may keep busy before they take what a measurement needs. */
  readonly allowedCores: number;
}

export interface LoadWatch {
  /** Over the time since this was last asked that was long enough to tell, see `TOO_SHORT` in HeldDevice. */
  since(): LoadReading | 'TOO_SHORT';
  /** Waits until others leave enough processors idle. Resolves with null then, or with the last reading when the time is up. */
  untilQuiet(options: QuietOptions): Promise<LoadReading | null>;
}

export interface QuietOptions {
  /** After this the measurement goes on and is marked, milliseconds. */
  readonly maxWaitMs: number;
  /** Told once when waiting begins. */
  readonly onWait?: (reading: LoadReading) => void;
  readonly signal?: AbortSignal;
}

export interface WatchOptions {
  readonly threads: number;
  /** Processor time so far of the processes that measure beside this one, milliseconds. */
  readonly runtimeBusyMs?: () => number;
}

const WINDOW_MS = 300;

/** Processors' times are counted in steps of 10 ms: less than this says nothing. */
const LEAST_MS = 200;

/** Part of a core that may be missing: the kernel, this process' other threads, clock granularity. */
const TOLERANCE_CORES = 0.35;

/**
 * Of each core beyond the one that stays free for the system, so much: others share caches, memory and power with the
 * measurement, also when they leave it its core.
 */
const SHARED_RATIO = 0.25;

/** How many cores others may use beside a measurement on so many threads. */
export function allowedCores(cores: number, threads: number): number {
  return TOLERANCE_CORES + SHARED_RATIO * Math.max(0, cores - threads - 1);
}

/** Watches what other processes do to this machine. */
export function watchLoad({ threads, runtimeBusyMs = () => 0 }: WatchOptions): LoadWatch {
  const snapshot = (): Snapshot => ({ ...processorTimes(), ownMs: ownMs() + runtimeBusyMs() });
  let last = snapshot();
  const since = (): LoadReading | 'TOO_SHORT' => {
    const now = snapshot();
    if (now.atMs - last.atMs < LEAST_MS) return 'TOO_SHORT';
    const reading = between(last, now, threads);
    last = now;
    return reading;
  };
  return {
    since,
    untilQuiet: async ({ maxWaitMs, onWait, signal }) => {
      const deadline = performance.now() + maxWaitMs;
      for (let told = false; ; told = true) {
        last = snapshot();
        await sleep(WINDOW_MS, undefined, signal === undefined ? {} : { signal });
        const now = snapshot();
        const reading = between(last, now, threads);
        last = now;
        if (reading.foreignCores <= reading.allowedCores) return null;
        if (performance.now() >= deadline) return reading;
        if (!told) onWait?.(reading);
      }
    },
  };
}

/** Of all processors together, milliseconds since the system started. */
interface ProcessorTimes {
  readonly cores: number;
  readonly atMs: number;
  readonly totalMs: number;
  /** Not idle; what the host of a virtual machine gave to others is in it. */
  readonly busyMs: number;
}

interface Snapshot extends ProcessorTimes {
  readonly ownMs: number;
}

function between(before: Snapshot, after: Snapshot, threads: number): LoadReading {
  const totalMs = after.totalMs - before.totalMs;
  const busyRatio = totalMs > 0 ? Math.max(0, after.busyMs - before.busyMs) / totalMs : 0;
  const ownCores = (after.ownMs - before.ownMs) / (after.atMs - before.atMs);
  return {
    foreignCores: Math.max(0, busyRatio * after.cores - ownCores),
    allowedCores: allowedCores(after.cores, threads),
  };
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function processorTimes(): ProcessorTimes {
  const processors = cpus();
  let totalMs = stolenMs();
  let busyMs = totalMs;
  for (const { times } of processors) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMs += busy;
    totalMs += busy + times.idle;
  }
  return { cores: processors.length, atMs: performance.now(), totalMs, busyMs };
}

const TICK_MS = 10;

/** Time in which this virtual machine wanted a processor that its host gave to others (proc(5), /proc/stat); 0 elsewhere. */
function stolenMs(): number {
  try {
    return TICK_MS * Number(/^cpu\s+(?:\d+ ){7}(\d+)/.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
