import { addActivatedConv } from '../blocks/blox-cell.js';
import type { Skeleton } from './skeleton.js';

/**
 * BLOX's skeleton (Chau et al. 2022): stem 3×3 to 32 channels; after *every* stage two 3×3 convolutions, the first with
 * stride 2, added to a 2×2 stride-2 side branch; average pool and classifier.
 */
export const bloxSkeleton: Skeleton = {
  stem: (builder, input) => addActivatedConv(builder, input, 'stem', { channels: 32, kernel: 3 }),
  afterStage: (builder, x, stage) => {
    const name = `reductions.${String(stage)}`;
    const channels = 2 * x.channels;
    const halved = addActivatedConv(builder, x, `${name}.main.0`, { channels, kernel: 3, stride: 2 });
    const main = addActivatedConv(builder, halved, `${name}.main.1`, { channels, kernel: 3 });
    const side = addActivatedConv(builder, x, `${name}.side`, { channels, kernel: 2, stride: 2, pad: 0 });
    return builder.add(main, side);
  },
  head: (builder, x, classes) => builder.fullyConnected(builder.globalAveragePool(x), 'classifier', classes),
};
