import type { HeldDevice, LoadedModel, MeasuringDevice } from '../measuring/device.js';
import { lockDevice } from '../measuring/device-lock.js';
import { watchLoad, type LoadReading } from '../measuring/foreign-load.js';
import { allowedProcessors, idleTimes, leastBusy, whyNotPinned } from './affinity.js';
import { defaultBudget, type ModelBudget } from './budget.js';
import type { RuntimeOptions } from './onnxruntime-node.js';
import { runtimeHost } from './runtime-host.js';

export interface NodeDeviceOptions extends RuntimeOptions {
  /** File that keeps two processes from measuring at once. */
  readonly lockPath: string;
  /** How long to wait for other processes to leave, in all of a campaign, milliseconds; 10 s unless given. */
  readonly maxWaitMs?: number;
  readonly budget?: Partial<ModelBudget>;
  /**
   * Binds the runtime to processors while the device is held, where that is possible: to these, or for `true` to as many of those
   * that others use least as it has threads. Not unless asked.
   */
  readonly pinned?: boolean | readonly number[];
}

const MAX_WAIT_MS = 10_000;

/**
 * This machine with ONNX Runtime, which runs in a process of its own: held by a lock across processes, and quiet before measuring
 * begins. The process starts with the first model and ends when the device is released, or, where it is not held, with the last
 * model.
 */
export function nodeDevice({
  lockPath,
  maxWaitMs = MAX_WAIT_MS,
  budget,
  pinned = false,
  ...runtime
}: NodeDeviceOptions): MeasuringDevice {
  const host = runtimeHost(runtime, { ...defaultBudget(), ...budget });
  return {
    load: (model): Promise<LoadedModel> => host.load(model),
    isFull: () => host.isFull(),
    hold: async ({ onProgress, signal }): Promise<HeldDevice> => {
      const aborting = signal === undefined ? {} : { signal };
      const lock = await lockDevice({
        ...aborting,
        path: lockPath,
        onWait: ({ pid }) => {
          onProgress({ kind: 'WAITING_FOR_DEVICE', pid });
        },
      });
      try {
        const load = watchLoad({ threads: runtime.threads, runtimeBusyMs: () => host.busyMs() });
        let patienceMs = maxWaitMs;
        const awaitQuiet = async (): Promise<LoadReading | null> => {
          const began = performance.now();
          const reading = await load.untilQuiet({
            ...aborting,
            maxWaitMs: patienceMs,
            onWait: (seen) => {
              onProgress({ kind: 'WAITING_FOR_QUIET', ...seen });
            },
          });
          if (reading !== null) patienceMs = 0;
          else patienceMs = Math.max(0, patienceMs - (performance.now() - began));
          return reading;
        };
        const idleBefore = idleTimes();
        const crowd = await awaitQuiet();
        host.hold(processorsFor(pinned, runtime.threads, idleBefore));
        const release = async (): Promise<void> => {
          await host.letGo();
          await lock.release();
        };
        return { crowd, loadSince: () => load.since(), awaitQuiet, release };
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
  };
}

function processorsFor(
  pinned: boolean | readonly number[],
  threads: number,
  idleBefore: readonly number[],
): readonly number[] | null {
  if (pinned === false || whyNotPinned(threads) !== null) return null;
  if (pinned !== true) return pinned;
  const idleMs = idleTimes().map((idle, cpu) => idle - (idleBefore[cpu] ?? 0));
  return leastBusy(threads, allowedProcessors() ?? [], idleMs);
}
