import type { Network } from '../../graph/index.js';
import { NetworkBuilder, type Wire } from '../../graph/builder.js';
import {
  familyOf,
  kernelKey,
  kernelOf,
  keepsShape,
  outputSize,
  type Kernel,
  type Operator,
} from './kernel.js';

/**
 * `copies` ≥ 1 of a kernel as a network, each with its own weights. A kernel's time is the slope over two such networks: one call
 * through JavaScript costs as much as a small kernel, and the runtime rearranges what goes in and out of a network (blocked
 * layouts), which a kernel in the middle of one does not pay.
 *
 * Where the kernel keeps its shape, copies stand one after another, as in a network. Elsewhere they stand side by side on the same
 * input, and what joins them is measured as well (`companionsOf`) and taken off: a 1×1 convolution of a single pixel, which a
 * runtime that works in a blocked layout can read without rearranging the output, as an addition of whole outputs could not be
 * told from the kernel. Kernels without weights would be recognised as the same and computed once: each of them has a ReLU of its
 * own before it. Where an addition is fused behind the kernel, it joins the copies itself.
 */
export function kernelNetwork(kernel: Kernel, copies: number): Network {
  if (!Number.isInteger(copies) || copies < 1)
    throw new RangeError(`copies must be a positive integer, got ${String(copies)}`);
  const { channelsIn, size } = kernel;
  const builder = new NetworkBuilder({ channels: channelsIn, height: size, width: size });
  const output = keepsShape(kernel)
    ? oneAfterAnother(builder, kernel, copies)
    : familyOf(kernel) === 'fully-connected' || addsBehind(kernel)
      ? summed(builder, kernel, copies)
      : joined(builder, kernel, copies);
  return builder.finish(`${kernelKey(kernel)} ×${String(copies)}`, output);
}

/** What each copy costs besides the kernel itself. */
export function companionsOf(kernel: Kernel): readonly Kernel[] {
  if (keepsShape(kernel) || addsBehind(kernel)) return [];
  const { channelsIn, channelsOut, size } = kernel;
  if (familyOf(kernel) === 'fully-connected')
    return [kernelOf({ operators: ['add'], size: 1, channelsIn: channelsOut })];
  const join = joinOf(outputSize(kernel), channelsOut);
  return hasWeights(kernel) ? [join] : [kernelOf({ operators: ['relu'], size, channelsIn }), join];
}

/** The convolution of a single pixel that joins copies: a kernel like others, which can be measured. */
export function joinOf(size: number, channelsIn: number): Kernel {
  return kernelOf({ operators: ['conv', 'add'], size, channelsIn, channelsOut: JOINED, stride: size });
}

export function isJoin(kernel: Kernel): boolean {
  return kernelKey(kernel) === kernelKey(joinOf(kernel.size, kernel.channelsIn));
}

const JOINED = 8;

/**
 * The other side of an addition is the input of the copy before, as of a residual: a value whose last use is the addition, so that
 * the runtime may write the sum over it. The copy's own input would have to be copied first.
 */
function oneAfterAnother(builder: NetworkBuilder, kernel: Kernel, copies: number): Wire {
  const gate = familyOf(kernel) === 'mul' ? builder.globalAveragePool(builder.input) : null;
  // What comes into a network is not in the blocked layout, and would keep every sum that it is part of from being so.
  let x = kernel.operators.includes('add')
    ? addSimple(builder, builder.input, 'depthwise-conv', builder.input, 'first')
    : builder.input;
  let operand = x;
  for (let copy = 0; copy < copies; copy++) {
    const name = `copy${String(copy)}`;
    const root = gate === null ? addRoot(builder, x, kernel, operand, name) : builder.mul(x, gate);
    [operand, x] = [x, addFollowers(builder, root, kernel, operand, name)];
  }
  return x;
}

/** Copies on the same input, each added to the sum of those before it: by itself, or by the addition behind it. */
function summed(builder: NetworkBuilder, kernel: Kernel, copies: number): Wire {
  let sum = addRoot(builder, builder.input, kernel, builder.input, 'first');
  for (let copy = 0; copy < copies; copy++) {
    const name = `copy${String(copy)}`;
    const root = addRoot(builder, builder.input, kernel, sum, name);
    const y = addFollowers(builder, root, kernel, sum, name);
    sum = addsBehind(kernel) ? y : builder.add(y, sum);
  }
  return sum;
}

function joined(builder: NetworkBuilder, kernel: Kernel, copies: number): Wire {
  const join = (from: Wire, name: string): Wire =>
    builder.conv(from, {
      weight: `${name}.join.weight`,
      channels: JOINED,
      kernel: 1,
      stride: outputSize(kernel),
      bias: true,
    });
  let x = builder.input;
  let sum: Wire | null = null;
  for (let copy = 0; copy < copies; copy++) {
    const name = `copy${String(copy)}`;
    if (!hasWeights(kernel)) x = builder.apply('relu', x);
    const y = addFollowers(builder, addRoot(builder, x, kernel, x, name), kernel, x, name);
    sum = sum === null ? join(y, name) : builder.add(join(y, name), sum);
  }
  return sum ?? x;
}

function addRoot(builder: NetworkBuilder, from: Wire, kernel: Kernel, operand: Wire, name: string): Wire {
  const { channelsOut, stride, groups, squeeze } = kernel;
  const root = familyOf(kernel);
  switch (root) {
    case 'conv':
    case 'depthwise-conv':
      return builder.conv(from, {
        weight: `${name}.weight`,
        channels: channelsOut,
        kernel: kernel.kernel,
        stride,
        groups,
        bias: true,
      });
    case 'fully-connected':
      return builder.fullyConnected(from, name, channelsOut);
    case 'max-pool':
    case 'average-pool': {
      const pad = kernel.kernel > stride ? Math.floor(kernel.kernel / 2) : 0;
      return builder.pool(from, { op: root, kernel: kernel.kernel, stride, pad, ceil: pad === 0 });
    }
    case 'channel-shuffle':
      return builder.shuffleChannels(from, groups);
    case 'squeeze-excite':
      return addSqueezeExcite(builder, from, squeeze, name);
    case 'fan-out':
      return addFanOut(builder, from, name);
    default:
      return addSimple(builder, from, root, operand, name);
  }
}

function addFollowers(
  builder: NetworkBuilder,
  root: Wire,
  kernel: Kernel,
  operand: Wire,
  name: string,
): Wire {
  return kernel.operators
    .slice(1)
    .reduce((x, operator, at) => addSimple(builder, x, operator, operand, `${name}.${String(at)}`), root);
}

/** An operator that keeps the shape; convolutions with windows of 3, the other side of an addition is `operand`. */
function addSimple(builder: NetworkBuilder, x: Wire, operator: Operator, operand: Wire, name: string): Wire {
  const { channels } = x;
  switch (operator) {
    case 'fan-out':
      return addFanOut(builder, x, name);
    case 'conv':
      return builder.conv(x, { weight: `${name}.weight`, channels, kernel: 3, bias: true });
    case 'depthwise-conv':
      return builder.conv(x, { weight: `${name}.weight`, channels, kernel: 3, groups: channels, bias: true });
    case 'max-pool':
    case 'average-pool':
      return builder.pool(x, { op: operator, kernel: 3, stride: 1, pad: 1 });
    case 'fully-connected':
      return builder.fullyConnected(x, name, channels);
    case 'global-average-pool':
      return builder.globalAveragePool(x);
    case 'squeeze-excite':
      return addSqueezeExcite(builder, x, Math.max(1, Math.floor(channels / 4)), name);
    case 'channel-shuffle':
      return builder.shuffleChannels(x, 1);
    case 'batch-norm':
      return builder.batchNorm(x, name);
    case 'add':
      return builder.add(x, operand);
    case 'mul':
      return builder.mul(x, builder.globalAveragePool(operand));
    default:
      return builder.apply(operator, x);
  }
}

function addSqueezeExcite(builder: NetworkBuilder, x: Wire, channels: number, name: string): Wire {
  let y = builder.globalAveragePool(x);
  y = builder.conv(y, { weight: `${name}.reduce.weight`, channels, kernel: 1, bias: true });
  y = builder.conv(builder.apply('relu', y), {
    weight: `${name}.expand.weight`,
    channels: x.channels,
    kernel: 1,
    bias: true,
  });
  return builder.mul(x, builder.apply('hard-sigmoid', y));
}

/**
 * A depthwise convolution with two consumers. The two activations differ, as a runtime that finds the same operator twice on the
 * same value runs it once.
 */
function addFanOut(builder: NetworkBuilder, from: Wire, name: string): Wire {
  const x = addSimple(builder, from, 'depthwise-conv', from, `${name}.root`);
  const first = builder.apply('relu', builder.apply('relu', x));
  const second = addSimple(builder, builder.apply('relu6', x), 'depthwise-conv', x, `${name}.second`);
  return builder.add(first, second);
}

function addsBehind({ operators }: Kernel): boolean {
  return operators.slice(1).includes('add');
}

function hasWeights(kernel: Kernel): boolean {
  return ['conv', 'depthwise-conv', 'fully-connected', 'squeeze-excite'].includes(familyOf(kernel));
}
