import type { Network } from '../../../graph/index.js';
import { detectKernels } from '../detect.js';
import type { FusionRules } from '../fusion.js';
import { familyOf, kernelCosts, type Kernel } from '../kernel.js';

/** What the simulated device fuses: what ONNX Runtime's CPU provider does. */
export const SIMULATED_RULES: FusionRules = {
  pairs: [
    ['conv', 'relu'],
    ['conv', 'add'],
    ['depthwise-conv', 'relu'],
    ['depthwise-conv', 'add'],
  ],
  fanOut: 'none',
};

/** Registers hold 8 channels: others are computed as the next multiple. */
export function simulatedMs(kernel: Kernel): number {
  const { macs, reads, writes, weights } = kernelCosts(kernel);
  const waste = (8 * Math.ceil(kernel.channelsOut / 8)) / kernel.channelsOut;
  const rate = familyOf(kernel) === 'depthwise-conv' ? 4e6 : 40e6;
  return 0.001 + (macs * waste) / rate + (reads + writes + weights) / 10e6;
}

export const SIMULATED_CALL_MS = 0.03;

/** What a run of a network takes: the call and its kernels. */
export function simulatedRunMs(network: Network): number {
  return detectKernels(network, SIMULATED_RULES).reduce(
    (sum, { kernel }) => sum + (kernel === null ? 0 : simulatedMs(kernel)),
    SIMULATED_CALL_MS,
  );
}
