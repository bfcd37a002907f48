import { readSystemFile } from './system-file.js';

/** What a container may use; null is no limit, or none that can be read. */
export interface ContainerLimits {
  /** Processors' worth of time, for example 1.5. */
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
}

/** Limits of the control group that this process is in, version 2 or 1 (Linux kernel documentation, cgroup-v2). */
export function containerLimits(read: (path: string) => string | null = readSystemFile): ContainerLimits {
  const unified = read('/sys/fs/cgroup/cpu.max')?.split(' ');
  const [quota, period] = unified ?? [
    read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
    read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
  ];
  const memory = positive(
    read('/sys/fs/cgroup/memory.max') ?? read('/sys/fs/cgroup/memory/memory.limit_in_bytes'),
  );
  const [quotaUs, periodUs] = [positive(quota), positive(period)];
  return {
    cpus: quotaUs === null || periodUs === null ? null : quotaUs / periodUs,
    memoryBytes: memory === null || memory >= UNLIMITED_BYTES ? null : memory,
  };
}

/** Version 1 writes no limit as the largest multiple of a page below 2^63. */
const UNLIMITED_BYTES = 2 ** 60;

/** `max` and -1 stand for no limit. */
function positive(text: string | null | undefined): number | null {
  const value = Number(text ?? NaN);
  return value > 0 ? value : null;
}
