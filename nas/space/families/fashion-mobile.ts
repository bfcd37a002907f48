import type { Choice, SearchSpace } from '../space.js';
import { threeStages } from './three-stages.js';

/** Inverted residuals on Fashion-MNIST: 27 blocks in each of three stages, 19,683 networks (benchmarks/fashion). */
export const fashionMobile: SearchSpace = {
  name: 'fashion-mobile',
  title: 'Fashion Mobile',
  description:
    'Inverted residuals on Fashion-MNIST: kernel 3, 5 or 7, expansion 1, 2 or 4, depth 1 to 3 in each of three stages.',
  input: { channels: 1, height: 28, width: 28 },
  classes: 10,
  stages: threeStages(
    [
      { channels: 16, height: 14, width: 14 },
      { channels: 32, height: 7, width: 7 },
      { channels: 64, height: 4, width: 4 },
    ],
    blocks(),
  ),
};

/** Kernel slowest, depth fastest: the order of mobile/blocks.json. */
function blocks(): readonly Choice[] {
  const kernels = [3, 5, 7] as const;
  const expansions = [1, 2, 4] as const;
  const depths = [1, 2, 3] as const;
  return kernels.flatMap((kernel) =>
    expansions.flatMap((expansion) =>
      depths.map((depth) => ({
        name: `k${String(kernel)}e${String(expansion)}d${String(depth)}`,
        label: `${String(kernel)}×${String(kernel)}, expansion ${String(expansion)}, depth ${String(depth)}`,
        block: { kind: 'inverted-residual' as const, kernel, expansion, depth },
      })),
    ),
  );
}
