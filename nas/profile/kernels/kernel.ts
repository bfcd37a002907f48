/**
 * Kernels after nn-Meter (Zhang et al. 2021): the largest group of operators that a runtime executes as one unit. Here: a first
 * operator, whose shape decides the time, and those fused behind it.
 */
export interface Kernel {
  /** First the root, then what is fused behind it, in order. */
  readonly operators: readonly Operator[];
  /** Height and width of the input in pixels; of an input that is not square, the side of the square of the same area. */
  readonly size: number;
  readonly channelsIn: number;
  /** Those of the root's output; the same as `channelsIn` for every root but convolutions and fully connected layers. */
  readonly channelsOut: number;
  /** Window of a convolution or a pool, 1 for other roots; padded so that the stride alone decides the output's size. */
  readonly kernel: number;
  readonly stride: number;
  /** Of a convolution, or of a channel shuffle. A depthwise convolution has as many as channels. */
  readonly groups: number;
  /** Channels between the two convolutions of a squeeze-excite; 0 for other roots. */
  readonly squeeze: number;
}

/** Operators by the names of our graph, but for depthwise convolutions and squeeze-excites, which runtimes treat apart. */
export const OPERATORS = [
  'conv',
  'depthwise-conv',
  'fully-connected',
  'max-pool',
  'average-pool',
  'global-average-pool',
  'squeeze-excite',
  'channel-shuffle',
  'batch-norm',
  'relu',
  'relu6',
  'sigmoid',
  'hard-sigmoid',
  'hard-swish',
  'zero',
  'add',
  'mul',
  /** No operator but the block of the test for values with several consumers (`fusion.ts`). */
  'fan-out',
] as const;

export type Operator = (typeof OPERATORS)[number];

/** Kernels with the same root share a regressor: what is fused behind it costs little and is told by features. */
export type KernelFamily = Operator;

export function familyOf({ operators }: Pick<Kernel, 'operators'>): KernelFamily {
  const [root] = operators;
  if (root === undefined) throw new RangeError('a kernel has at least one operator');
  return root;
}

/** A kernel with the fields that its root does not need filled in. */
export function kernelOf(given: Pick<Kernel, 'operators' | 'size' | 'channelsIn'> & Partial<Kernel>): Kernel {
  const { channelsIn } = given;
  const [root] = given.operators;
  return {
    channelsOut: channelsIn,
    kernel: 1,
    stride: 1,
    groups: root === 'depthwise-conv' ? channelsIn : 1,
    squeeze: 0,
    ...given,
  };
}

/** The same text for equal kernels, for example `conv+relu 28 64>128 k3 s1 g1 q0`. */
export function kernelKey(kernel: Kernel): string {
  const { operators, size, channelsIn, channelsOut, stride, groups, squeeze } = kernel;
  const numbers = [
    `k${String(kernel.kernel)}`,
    `s${String(stride)}`,
    `g${String(groups)}`,
    `q${String(squeeze)}`,
  ];
  return `${operators.join('+')} ${String(size)} ${String(channelsIn)}>${String(channelsOut)} ${numbers.join(' ')}`;
}

/** Pixels along a side of the output. */
export function outputSize(kernel: Kernel): number {
  const root = familyOf(kernel);
  return root === 'global-average-pool' ? 1 : Math.ceil(kernel.size / kernel.stride);
}

/** Whether copies can stand one after another. Windows of an even side shift the edges, and do not. */
export function keepsShape(kernel: Kernel): boolean {
  const same = outputSize(kernel) === kernel.size && kernel.channelsIn === kernel.channelsOut;
  return same && kernel.kernel % 2 === 1 && familyOf(kernel) !== 'global-average-pool';
}

/** What a kernel computes and moves for one item: numbers of the device-independent part of the model. */
export interface KernelCosts {
  /** Of the root alone; what is fused behind it multiplies and accumulates nothing that would be counted. */
  readonly macs: number;
  /** Numbers read, without the weights. */
  readonly reads: number;
  readonly writes: number;
  readonly weights: number;
}

const WINDOWED: ReadonlySet<KernelFamily> = new Set(['conv', 'depthwise-conv', 'max-pool', 'average-pool']);

export function kernelCosts(kernel: Kernel): KernelCosts {
  const { operators, size, channelsIn, channelsOut, groups, squeeze } = kernel;
  // Windows further apart than they are wide leave out what is between them.
  const seen = WINDOWED.has(familyOf(kernel)) ? Math.min(size, outputSize(kernel) * kernel.kernel) : size;
  const input = seen ** 2 * channelsIn;
  const output = outputSize(kernel) ** 2 * channelsOut;
  const operands = operators.slice(1).filter((operator) => operator === 'add' || operator === 'mul').length;
  const traffic = { reads: input + operands * output, writes: output };
  switch (familyOf(kernel)) {
    case 'conv':
    case 'depthwise-conv': {
      const weights = (channelsOut * channelsIn * kernel.kernel ** 2) / groups;
      return { ...traffic, macs: weights * outputSize(kernel) ** 2, weights };
    }
    case 'fully-connected':
      return { ...traffic, macs: channelsIn * channelsOut, weights: channelsIn * channelsOut };
    case 'squeeze-excite': {
      const weights = 2 * squeeze * channelsIn;
      return { ...traffic, reads: traffic.reads + input, macs: weights, weights };
    }
    case 'add':
      return { ...traffic, reads: traffic.reads + input, macs: 0, weights: 0 };
    case 'batch-norm':
      return { ...traffic, macs: 0, weights: 4 * channelsIn };
    default:
      return { ...traffic, macs: 0, weights: 0 };
  }
}
