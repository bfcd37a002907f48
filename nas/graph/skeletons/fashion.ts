import type { NetworkBuilder, Wire } from '../builder.js';
import type { Skeleton } from './skeleton.js';

/**
 * The skeleton of both Fashion spaces (benchmarks/fashion/README.md): stem to 16 channels and reductions to twice the
 * channels, each 3×3 stride 2, batch norm, ReLU. `conv` and `norm` are the names of those tensors in the trained weights.
 */
export function fashionSkeleton(names: { readonly conv: string; readonly norm: string }): Skeleton {
  const downsample = (builder: NetworkBuilder, from: Wire, prefix: string, channels: number): Wire => {
    const weight = `${prefix}.${names.conv}`;
    const y = builder.conv(from, { weight, channels, kernel: 3, stride: 2 });
    return builder.relu(builder.batchNorm(y, `${prefix}.${names.norm}`));
  };
  return {
    stem: (builder, input) => downsample(builder, input, 'stem', 16),
    afterStage: (builder, x, stage, last) =>
      last ? x : downsample(builder, x, `reductions.${String(stage)}`, 2 * x.channels),
    head: (builder, x, classes) =>
      builder.fullyConnected(builder.globalAveragePool(x), 'classifier', classes),
  };
}
