import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { readSystemFile } from '../environment/system-file.js';

/** Processors that this process may run on, by number; null where the system does not tell. */
export function allowedProcessors(status = readSystemFile('/proc/self/status')): readonly number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status ?? '')?.[1];
  if (list === undefined) return null;
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
}

/** Why a measuring process is not bound to processors here, in words; null when it can be. */
export function whyNotPinned(threads: number): string | null {
  if (process.platform !== 'linux') return `not possible on ${process.platform}`;
  const allowed = allowedProcessors();
  if (allowed === null) return 'the system does not tell which processors may be used';
  if (threads > allowed.length)
    return `${String(threads)} threads on ${String(allowed.length)} processors: all are used`;
  if (allowed.length === 1) return 'there is one processor';
  return tasksetWorks() ? null : 'the command taskset is missing';
}

let works: boolean | null = null;
const tasksetWorks = (): boolean =>
  (works ??= spawnSync('taskset', ['-V'], { stdio: 'ignore' }).status === 0);

/**
 * The processors to measure on: as many of the allowed ones as there are threads, those that were idle longest of late (`idleMs`
 * by processor), of different cores as far as there are.
 */
export function leastBusy(
  threads: number,
  allowed: readonly number[],
  idleMs: readonly number[],
  siblings: (cpu: number) => string | null = siblingsOf,
): readonly number[] {
  // Of equals the last: the first processor takes most of the interrupts.
  const byIdle = [...allowed].sort((a, b) => (idleMs[b] ?? 0) - (idleMs[a] ?? 0) || b - a);
  const cores = new Set<string>();
  const alone = byIdle.filter((cpu) => {
    const core = siblings(cpu) ?? String(cpu);
    if (cores.has(core)) return false;
    cores.add(core);
    return true;
  });
  const others = byIdle.filter((cpu) => !alone.includes(cpu));
  return [...alone, ...others].slice(0, threads).sort((a, b) => a - b);
}

function siblingsOf(cpu: number): string | null {
  return readSystemFile(`/sys/devices/system/cpu/cpu${String(cpu)}/topology/thread_siblings_list`);
}

/** Idle time of each processor since the system started, milliseconds. */
export const idleTimes = (): readonly number[] => cpus().map(({ times }) => times.idle);
