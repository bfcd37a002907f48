import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureSpace, nodeDevice } from '@espalier/device-agent/measuring';
import { family } from '@espalier/nas/space';

/** Block latencies of a space as measured on one target of a machine, with what a reader needs to judge them. */
export interface MeasuredLatencies {
  readonly space: string;
  readonly target: string;
  readonly batch: number;
  /** Milliseconds, `[layer][choice]`; what every network has besides in `fixedMs`. */
  readonly blockLatencyMs: readonly (readonly number[])[];
  readonly fixedMs: number;
  readonly measuredAt: string;
  readonly environment: string;
  /** Error of whole networks predicted by the table, and how the machine was. */
  readonly quality: unknown;
}

/** Items a run: enough that a block takes longer than the clock's own cost. */
const BATCH: Readonly<Record<string, number>> = {
  'fashion-mobile': 16,
  'fashion-blox': 16,
  'nasbench-macro': 4,
};

const TARGETS: Readonly<Record<string, { readonly threads: number; readonly precision: 'fp32' | 'int8' }>> = {
  'cpu-1t': { threads: 1, precision: 'fp32' },
  'cpu-2t': { threads: 2, precision: 'fp32' },
  'cpu-1t-int8': { threads: 1, precision: 'int8' },
};

/** Measures the spaces by ISOLATED on each target of this machine into `<folder>/<space>.<target>.json`. */
export async function recordLatencies(
  folder: string,
  spaces = Object.keys(BATCH),
  targets = Object.keys(TARGETS),
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const name of spaces)
    for (const target of targets) {
      const batch = BATCH[name];
      const how = TARGETS[target];
      if (batch === undefined || how === undefined)
        throw new RangeError(`cannot measure ${name} on ${target}`);
      console.error(`${name} on ${target}`);
      const device = nodeDevice({
        threads: how.threads,
        lockPath: join(tmpdir(), 'espalier-measuring.lock'),
      });
      const options = { device, batch, seed: 1, precision: how.precision };
      const { estimate } = await measureSpace(family(name), 'ISOLATED', { heldOutNetworks: 40 }, options);
      const record: MeasuredLatencies = {
        space: name,
        target,
        batch,
        blockLatencyMs: estimate.table.layers,
        fixedMs: estimate.table.fixedMs,
        measuredAt: new Date().toISOString(),
        environment: `${cpus()[0]?.model ?? 'unknown processor'}, ${String(cpus().length)} cores, Node.js ${process.version}, ONNX Runtime on the CPU`,
        quality: estimate.quality,
      };
      writeFileSync(join(folder, `${name}.${target}.json`), `${JSON.stringify(record)}\n`);
    }
}
