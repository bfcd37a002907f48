import type { Interference, LoadedModel } from '../measuring/device.js';
import type { ModelBudget } from './budget.js';
import type { RuntimeOptions } from './onnxruntime-node.js';
import type { Loaded, Sampled } from './protocol.js';
import { RuntimeFell, startRuntime, type RuntimeProcess } from './runtime-process.js';

/** Keeps a process with the runtime, and what is loaded in it, going. */
export interface RuntimeHost {
  /** Loads a model. One that the process does not survive is rejected with the reason; others are not touched. */
  load(bytes: Uint8Array): Promise<LoadedModel>;
  /** Whether the process has so much memory that no more should be loaded beside it. */
  isFull(): boolean;
  /** Processor time of all its processes so far, milliseconds, as of the last answer. */
  busyMs(): number;
  /** Keeps the process until `letGo`; the next one stays on these processors, unless null. */
  hold(processors: readonly number[] | null): void;
  letGo(): Promise<void>;
}

/** A single model may have this part of the budget whatever is loaded beside it. */
const ROOM_RATIO = 0.5;

/** Runs that bring a model which was loaded again back to where it was; not reported. */
const WARM_RUNS = 3;

/** A run this many times as long as the longest before is one that does not end. */
const SLOWER = 10;

export function runtimeHost(
  { threads, provider = 'cpu', wholly = false }: RuntimeOptions,
  budget: ModelBudget,
): RuntimeHost {
  let runtime: RuntimeProcess | null = null;
  let processors: readonly number[] | null = null;
  let held = false;
  let pastBusyMs = 0;
  let count = 0;
  const loaded = new Set<number>();

  const atWork = async (): Promise<RuntimeProcess> => {
    if (runtime?.alive === true) return runtime;
    await end();
    return (runtime = startRuntime({ threads, provider, processors, memoryBytes: budget.memoryBytes }));
  };
  const end = async (): Promise<void> => {
    const ending = runtime;
    if (ending === null) return;
    runtime = null;
    await ending.end();
    pastBusyMs += ending.busyMs;
  };

  const load = async (bytes: Uint8Array): Promise<LoadedModel> => {
    const id = ++count;
    const into = async (): Promise<{ readonly home: RuntimeProcess; readonly value: Loaded }> => {
      const home = await atWork();
      const { value } = await home.ask({ ask: 'LOAD', model: id, bytes, wholly }, budget.loadMs);
      return { home, value: value as Loaded };
    };
    loaded.add(id);
    let { home, value } = await into().catch(async (error: unknown) => {
      loaded.delete(id);
      if (!held && loaded.size === 0) await end();
      throw error;
    });
    let slowestMs: number | null = null;
    let interference: Interference | null = null;
    const run = async (runs: number): Promise<Float64Array> => {
      // Nothing is known of the first run; the others are known by the slowest.
      const limitMs = budget.runMs + (slowestMs === null ? 0 : SLOWER * runs * slowestMs);
      const answer = await home.ask({ ask: 'SAMPLE', model: id, runs }, limitMs);
      const sampled = answer.value as Sampled;
      slowestMs = Math.max(slowestMs ?? 0, ...sampled.samples);
      interference = sampled.interference;
      return sampled.samples;
    };
    return {
      createMs: value.createMs,
      peakBytes: value.peakBytes,
      sample: async (runs) => {
        if (!home.alive) {
          // Another model has taken the process down: this one goes on in the next.
          ({ home, value } = await into());
          await run(WARM_RUNS);
        }
        if (slowestMs !== null || runs < 1) return run(runs);
        const first = await run(1);
        return runs === 1 ? first : Float64Array.of(...first, ...(await run(runs - 1)));
      },
      interference: () => interference,
      release: async () => {
        loaded.delete(id);
        if (!held && loaded.size === 0) return end();
        if (home.alive) await ignoringFall(home.ask({ ask: 'RELEASE', model: id }, budget.loadMs));
      },
    };
  };

  return {
    load,
    isFull: () => (runtime?.memoryBytes ?? 0) > ROOM_RATIO * budget.memoryBytes,
    busyMs: () => pastBusyMs + (runtime?.busyMs ?? 0),
    hold: (on) => {
      held = true;
      processors = on;
    },
    letGo: async () => {
      held = false;
      processors = null;
      await end();
    },
  };
}

/** A process that ends while it frees memory has freed it. */
async function ignoringFall(release: Promise<unknown>): Promise<void> {
  try {
    await release;
  } catch (error) {
    if (!(error instanceof RuntimeFell)) throw error;
  }
}
