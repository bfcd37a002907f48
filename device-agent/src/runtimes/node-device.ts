import type { MeasuringDevice } from '../measuring/device.js';
import { lockDevice } from '../measuring/device-lock.js';
import { waitForQuiet } from '../measuring/foreign-load.js';
import { loadModel, type RuntimeOptions } from './onnxruntime-node.js';

export interface NodeDeviceOptions extends RuntimeOptions {
  /** File that keeps two processes from measuring at once. */
  readonly lockPath: string;
  /** How long to wait for other processes to leave, milliseconds. */
  readonly maxWaitMs?: number;
}

const MAX_WAIT_MS = 10_000;

/** This machine with ONNX Runtime: held by a lock across processes, and quiet before measuring begins. */
export function nodeDevice({
  lockPath,
  maxWaitMs = MAX_WAIT_MS,
  ...runtime
}: NodeDeviceOptions): MeasuringDevice {
  return {
    load: (model) => loadModel(model, runtime),
    hold: async ({ onProgress, signal }) => {
      const aborting = signal === undefined ? {} : { signal };
      const lock = await lockDevice({
        ...aborting,
        path: lockPath,
        onWait: ({ pid }) => {
          onProgress({ kind: 'WAITING_FOR_DEVICE', pid });
        },
      });
      try {
        const crowd = await waitForQuiet({
          ...aborting,
          threads: runtime.threads,
          maxWaitMs,
          onWait: (reading) => {
            onProgress({ kind: 'WAITING_FOR_QUIET', ...reading });
          },
        });
        return { crowd, release: () => lock.release() };
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
  };
}
