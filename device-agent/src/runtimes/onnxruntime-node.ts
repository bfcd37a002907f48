import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Interference, LoadedModel } from '../measuring/device.js';

export interface RuntimeOptions {
  /** Threads within an operator. */
  readonly threads: number;
  /** Execution provider, as ONNX Runtime calls it; `cpu` unless given. */
  readonly provider?: string;
  /** Rejects models that the provider would leave in part to the processor. */
  readonly wholly?: boolean;
}

/**
 * Loads a model with one input of a fixed shape into this process. Its input is a fixed pattern, its outputs are written to the
 * same memory in every run, so that neither reading nor allocating is part of the time. Rejects when it cannot be loaded.
 */
export async function loadModel(
  model: Uint8Array,
  { threads, provider = 'cpu', wholly = false }: RuntimeOptions,
): Promise<LoadedModel> {
  const started = process.hrtime.bigint();
  const session = await InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: {
      session: {
        // Idle threads that spin would burn the core that a neighbour needs, and heat it.
        intra_op: { allow_spinning: '0' },
        inter_op: { allow_spinning: '0' },
        ...(wholly && { disable_cpu_ep_fallback: '1' }),
      },
    },
  });
  const createMs = millisecondsSince(started);
  const feeds = tensors(session.inputMetadata, fillWithPattern);
  const fetches = tensors(session.outputMetadata, () => undefined);
  let interference: Interference | null = null;
  return {
    createMs,
    sample: async (runs) => {
      const samples = new Float64Array(runs);
      const began = process.hrtime.bigint();
      const before = process.resourceUsage();
      for (let run = 0; run < runs; run++) {
        const start = process.hrtime.bigint();
        await session.run(feeds, fetches);
        samples[run] = millisecondsSince(start);
      }
      const after = process.resourceUsage();
      interference = {
        preemptions: after.involuntaryContextSwitches - before.involuntaryContextSwitches,
        waitingRatio:
          threads > 1 || provider !== 'cpu'
            ? null
            : Math.max(0, 1 - (busyMs(after) - busyMs(before)) / millisecondsSince(began)),
      };
      return samples;
    },
    interference: () => interference,
    release: () => session.release(),
  };
}

const busyMs = (usage: NodeJS.ResourceUsage): number => (usage.userCPUTime + usage.systemCPUTime) / 1000;

/** Numbers between −1 and 1 in an order without pattern, the same every time. */
function fillWithPattern(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = ((i * 7919) % 2003) / 1001.5 - 1;
}

function tensors(
  metadata: readonly InferenceSession.ValueMetadata[],
  fill: (values: Float32Array) => void,
): Record<string, Tensor> {
  return Object.fromEntries(
    metadata.map((each) => {
      if (!each.isTensor || each.type !== 'float32')
        throw new TypeError(`"${each.name}" is not a float32 tensor`);
      const shape = each.shape.map((size) => {
        if (typeof size === 'number' && size > 0) return size;
        throw new TypeError(`"${each.name}" has a dimension without a fixed size: ${String(size)}`);
      });
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      fill(values);
      return [each.name, new Tensor('float32', values, shape)];
    }),
  );
}

function millisecondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e6;
}
