import { describe, expect, it } from 'vitest';
import { containerLimits } from './container-limits.js';
import { describeMachine, hardwareTarget, targetFingerprint } from './machine.js';

describe('containerLimits', () => {
  const limitsOf = (files: Record<string, string>): ReturnType<typeof containerLimits> =>
    containerLimits((path) => files[path] ?? null);

  it('reads control groups of version 2', () => {
    expect(
      limitsOf({ '/sys/fs/cgroup/cpu.max': '150000 100000', '/sys/fs/cgroup/memory.max': '1073741824' }),
    ).toEqual({ cpus: 1.5, memoryBytes: 2 ** 30 });
  });

  it('reads control groups of version 1', () => {
    const files = {
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '200000',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
    };
    expect(limitsOf(files)).toEqual({ cpus: 2, memoryBytes: null });
  });

  it.each([
    [{}],
    [{ '/sys/fs/cgroup/cpu.max': 'max 100000', '/sys/fs/cgroup/memory.max': 'max' }],
    [
      {
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      },
    ],
  ])('knows no limit from %j', (files) => {
    expect(limitsOf(files)).toEqual({ cpus: null, memoryBytes: null });
  });
});

describe('targets', () => {
  const target = hardwareTarget({ threads: 1, batch: 16, precision: 'fp32', provider: 'cpu' });

  it('name the processor and the runtime with its version', () => {
    expect(target.processor).not.toBe('');
    expect(target.runtime).toMatch(/^onnxruntime-node \d+\.\d+\.\d+/);
  });

  it('have a fingerprint that any relevant difference changes, and the order of fields does not', () => {
    const fingerprint = targetFingerprint(target);
    const { processor, ...rest } = target;
    expect(targetFingerprint({ ...rest, processor })).toBe(fingerprint);
    expect(targetFingerprint({ ...target, threads: 2 })).not.toBe(fingerprint);
    expect(targetFingerprint({ ...target, batch: 1 })).not.toBe(fingerprint);
    expect(targetFingerprint({ ...target, precision: 'int8' })).not.toBe(fingerprint);
    expect(targetFingerprint({ ...target, provider: 'webgpu' })).not.toBe(fingerprint);
    expect(targetFingerprint({ ...target, runtime: 'onnxruntime-node 0.0.0' })).not.toBe(fingerprint);
  });

  it('describe the machine as JSON without losing anything', () => {
    const machine = describeMachine();
    expect(JSON.parse(JSON.stringify(machine))).toEqual(machine);
    expect(machine.memoryBytes).toBeGreaterThan(0);
  });
});
