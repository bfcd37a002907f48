import { kernelCosts, type Kernel, type KernelFamily } from './kernel.js';

/**
 * What a family's regressor looks at, after nn-Meter (Zhang et al. 2021, table 3), with what is fused behind and the numbers moved
 * besides: its convolutions with and without an addition behind share a regressor.
 */
export function featuresOf(family: KernelFamily, kernel: Kernel): Float64Array {
  return Float64Array.from(FEATURES[family] ?? SHAPE, (feature) => READ[feature](kernel));
}

export function featureNames(family: KernelFamily): readonly Feature[] {
  return FEATURES[family] ?? SHAPE;
}

export type Feature =
  | 'size'
  | 'channelsIn'
  | 'channelsOut'
  | 'kernel'
  | 'stride'
  | 'groups'
  | 'squeeze'
  | 'macs'
  | 'weights'
  | 'moved'
  | 'operands'
  | 'activations'
  | 'blockIn'
  | 'blockOut';

const READ: Readonly<Record<Feature, (kernel: Kernel) => number>> = {
  size: ({ size }) => size,
  channelsIn: ({ channelsIn }) => channelsIn,
  channelsOut: ({ channelsOut }) => channelsOut,
  kernel: ({ kernel }) => kernel,
  stride: ({ stride }) => stride,
  groups: ({ groups }) => groups,
  squeeze: ({ squeeze }) => squeeze,
  macs: (kernel) => kernelCosts(kernel).macs,
  weights: (kernel) => kernelCosts(kernel).weights,
  moved: (kernel) => kernelCosts(kernel).reads + kernelCosts(kernel).writes,
  operands: ({ operators }) => operators.slice(1).filter((each) => each === 'add' || each === 'mul').length,
  activations: ({ operators }) =>
    operators.slice(1).filter((each) => each !== 'add' && each !== 'mul' && each !== 'batch-norm').length,
  blockIn: ({ channelsIn }) => blockOf(channelsIn),
  blockOut: ({ channelsOut }) => blockOf(channelsOut),
};

/**
 * How well the channels fill the registers that hold up to 16 of them: their largest factor that is a power of two. Measured on a
 * processor with such registers, 16 to 64 channels took a third of the time of 15 to 79; nn-Meter leaves the forest to find that.
 */
function blockOf(channels: number): number {
  for (let block = LARGEST_BLOCK; block > 1; block /= 2) if (channels % block === 0) return block;
  return 1;
}

const LARGEST_BLOCK = 16;

const SHAPE: readonly Feature[] = ['size', 'channelsIn', 'moved', 'operands', 'activations', 'blockIn'];
const WINDOW: readonly Feature[] = ['kernel', 'stride'];
const FEATURES: Partial<Readonly<Record<KernelFamily, readonly Feature[]>>> = {
  conv: [...SHAPE, ...WINDOW, 'channelsOut', 'blockOut', 'groups', 'macs', 'weights'],
  'depthwise-conv': [...SHAPE, ...WINDOW, 'macs', 'weights'],
  'fully-connected': ['channelsIn', 'channelsOut', 'macs', 'operands', 'activations'],
  'max-pool': [...SHAPE, ...WINDOW],
  'average-pool': [...SHAPE, ...WINDOW],
  'squeeze-excite': [...SHAPE, 'squeeze'],
  'channel-shuffle': [...SHAPE, 'groups'],
};

/** Columns of the linear model: what a roofline is made of, each with a cost of its own, and a constant. */
export function costColumns(kernel: Kernel): Float64Array {
  const { macs, reads, writes, weights } = kernelCosts(kernel);
  return Float64Array.of(macs, reads, writes, weights, 1);
}
