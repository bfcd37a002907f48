import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { LoadedModel } from '../measuring/device.js';

export interface RuntimeOptions {
  /** Threads within an operator. */
  readonly threads: number;
}

/**
 * Loads a model with one input of a fixed shape. Its input is a fixed pattern, its outputs are written to the same memory in
 * every run, so that neither reading nor allocating is part of the time. Rejects when the model cannot be loaded.
 */
export async function loadModel(model: Uint8Array, { threads }: RuntimeOptions): Promise<LoadedModel> {
  const started = process.hrtime.bigint();
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Idle threads that spin would burn the core that a neighbour needs, and heat it.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  });
  const createMs = millisecondsSince(started);
  const feeds = tensors(session.inputMetadata, (i) => ((i * 7919) % 2003) / 1001.5 - 1);
  const fetches = tensors(session.outputMetadata, () => 0);
  return {
    createMs,
    sample: async (runs) => {
      const samples = new Float64Array(runs);
      for (let run = 0; run < runs; run++) {
        const start = process.hrtime.bigint();
        await session.run(feeds, fetches);
        samples[run] = millisecondsSince(start);
      }
      return samples;
    },
    release: () => session.release(),
  };
}

function tensors(
  metadata: readonly InferenceSession.ValueMetadata[],
  valueAt: (index: number) => number,
): Record<string, Tensor> {
  return Object.fromEntries(
    metadata.map((each) => {
      if (!each.isTensor || each.type !== 'float32')
        throw new TypeError(`"${each.name}" is not a float32 tensor`);
      const shape = each.shape.map((size) => {
        if (typeof size === 'number' && size > 0) return size;
        throw new TypeError(`"${each.name}" has a dimension without a fixed size: ${String(size)}`);
      });
      const length = shape.reduce((product, size) => product * size, 1);
      return [
        each.name,
        new Tensor(
          'float32',
          Float32Array.from({ length }, (_, i) => valueAt(i)),
          shape,
        ),
      ];
    }),
  );
}

function millisecondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e6;
}
