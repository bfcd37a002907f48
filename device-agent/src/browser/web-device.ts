import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-web';
import type { HeldDevice, LoadedModel, MeasuringDevice } from '../measuring/device.js';
import type { Gate } from './gate.js';
import type { WebRuntime } from './runtime.js';
import { timeRuns } from './timer.js';

export interface WebDeviceOptions {
  readonly runtime: WebRuntime;
  /** Measured by `timerResolutionMs` where the device measures, milliseconds. */
  readonly resolutionMs: number;
  readonly gate: Gate;
  /** Ends waiting for the gate. */
  readonly signal: AbortSignal;
  /** Told when another page of this browser measures, before waiting for it. */
  readonly onOtherPage?: () => void;
}

const LOCK = 'espalier-measuring';

/**
 * A page in a browser with ONNX Runtime Web. It holds the browser's lock, so that of all pages of the origin one measures; it
 * waits while the gate is closed, and a sample during which the gate closed is taken again. What a sample has is the mean of
 * enough runs for the clock. Load from other programs cannot be read here: only the reference network shows it.
 */
export function webDevice({
  runtime,
  resolutionMs,
  gate,
  signal,
  onOtherPage,
}: WebDeviceOptions): MeasuringDevice {
  const letMessagesIn = taskQueue();
  const undisturbed = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      // WebAssembly keeps the thread busy: that the gate closed arrives only between tasks.
      await letMessagesIn();
      await gate.opened(signal);
      const { closings } = gate;
      const result = await work();
      await letMessagesIn();
      if (gate.closings === closings) return result;
    }
  };
  return {
    interruptions: () => gate.closings,
    hold: async ({ signal: aborted = signal }) => {
      await gate.opened(aborted);
      return holdLock(aborted, onOtherPage);
    },
    load: async (model): Promise<LoadedModel> => {
      const started = performance.now();
      const session = await runtime.ort.InferenceSession.create(model, sessionOptions(runtime));
      const createMs = performance.now() - started;
      const feeds = tensors(runtime, session.inputMetadata, (i) => ((i * 7919) % 2003) / 1001.5 - 1);
      // WebGPU writes to memory of its own and copies; WebAssembly may write where it did before.
      const fetches =
        runtime.settings.provider === 'wasm' ? tensors(runtime, session.outputMetadata, () => 0) : null;
      const run = (): Promise<unknown> => (fetches ? session.run(feeds, fetches) : session.run(feeds));
      let enough = 1;
      return {
        createMs,
        sample: async (count) => {
          const samples = new Float64Array(count);
          for (let at = 0; at < count; at++) {
            const { runMs, runs } = await undisturbed(() => timeRuns(run, enough, resolutionMs));
            samples[at] = runMs;
            enough = runs;
          }
          return samples;
        },
        release: () => session.release(),
      };
    },
  };
}

/** Waits for the lock; the browser gives it back also when the page is closed or its worker dies. */
async function holdLock(signal: AbortSignal, onWait: (() => void) | undefined): Promise<HeldDevice> {
  const { held = [] } = await navigator.locks.query();
  if (held.some(({ name }) => name === LOCK)) onWait?.();
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(
        LOCK,
        { signal },
        () =>
          new Promise<void>((release) => {
            resolve({ crowd: null, release: async () => release() });
          }),
      )
      .catch(reject);
  });
}

function sessionOptions({ settings }: WebRuntime): InferenceSession.SessionOptions {
  return {
    executionProviders: [settings.provider],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
}

function tensors(
  { ort }: WebRuntime,
  metadata: readonly InferenceSession.ValueMetadata[],
  valueAt: (index: number) => number,
): Record<string, TypedTensor<'float32'>> {
  return Object.fromEntries(metadata.map((each) => [each.name, tensor(ort.Tensor, each, valueAt)]));
}

function tensor(
  Make: typeof Tensor,
  metadata: InferenceSession.ValueMetadata,
  valueAt: (index: number) => number,
): TypedTensor<'float32'> {
  if (!metadata.isTensor || metadata.type !== 'float32')
    throw new TypeError(`"${metadata.name}" is not a float32 tensor`);
  const shape = metadata.shape.map((size) => {
    if (typeof size === 'number' && size > 0) return size;
    throw new TypeError(`"${metadata.name}" has a dimension without a fixed size: ${String(size)}`);
  });
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, i) => valueAt(i));
  return new Make('float32', values, shape);
}

/** Ends the task that runs, so that messages and timers get their turn; a timer of 0 ms would take 4 ms. */
function taskQueue(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let waiting: (() => void)[] = [];
  port1.onmessage = () => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(0);
    });
}
