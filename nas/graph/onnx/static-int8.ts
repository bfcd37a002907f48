import type { TensorShape } from '../../space/index.js';
import { GraphError } from '../error.js';
import {
  inputsOf,
  type Conv,
  type FullyConnected,
  type Network,
  type Node,
  type Parameter,
  type ValueName,
} from '../network.js';
import { valuesOf, type WeightSource } from '../weights.js';
import { floatLowering, type Lowered, type Lowering } from './lowering.js';
import { operator, type OnnxNode, type OnnxTensor } from './model.js';
import { convAttributes } from './operators.js';
import {
  activationScale,
  LARGEST_IN_PAIRS,
  quantiseBias,
  quantiseWeight,
  type ActivationRange,
  type ActivationScale,
} from './quantise.js';

/**
 * The values whose ranges a statically quantised network must know, in the order of execution: those that it stores in 8 bits,
 * which is all that anything but a lone ReLU reads (runtimes compute that with the operator before it), without those whose
 * numbers come unchanged from another. `network` has its batch norms folded.
 */
export function valuesToCalibrate(network: Network): readonly ValueName[] {
  const readers = new Map<ValueName, Node[]>();
  for (const node of network.nodes)
    for (const value of inputsOf(node)) readers.set(value, [...(readers.get(value) ?? []), node]);
  const moved = new Set(network.nodes.filter((node) => movedFrom(node) !== null).map(({ output }) => output));
  return [network.input.value, ...network.nodes.map(({ output }) => output)].filter((value) => {
    const [first, ...others] = readers.get(value) ?? [];
    const fused = others.length === 0 && (first?.op === 'relu' || first?.op === 'relu6');
    return first !== undefined && !fused && !moved.has(value);
  });
}

/**
 * QuantizeLinear and DequantizeLinear around every operator, from which runtimes make their integer kernels: unsigned 8-bit
 * activations by the ranges given, signed weights of 7 bits with a scale for each output channel (so that no processor saturates), 32-bit biases. `before` stands
 * before the first node. Throws GraphError GRAPH_BAD_RANGE that lists every value whose range is missing or is none.
 */
export function staticInt8(
  network: Network,
  ranges: ReadonlyMap<ValueName, ActivationRange>,
  shapes: ReadonlyMap<ValueName, TensorShape>,
  weights: WeightSource,
): { readonly before: Lowered; readonly lowering: Lowering } {
  const scales = activationScales(network, ranges);
  const others = floatLowering(shapes, weights);
  const stored = (value: ValueName): Lowered => {
    const scale = scales.get(value);
    return scale === undefined ? { nodes: [], tensors: [] } : storedActivation(value, scale);
  };
  return {
    before: stored(network.input.value),
    lowering: (node) => {
      const scale = 'input' in node ? scales.get(node.input) : undefined;
      const computed =
        scale !== undefined && (node.op === 'conv' || node.op === 'fully-connected')
          ? product(node, scale, weights)
          : others(renamed(node, (value) => (scales.has(value) ? storedNames(value).real : value)));
      const { nodes, tensors } = stored(node.output);
      return { nodes: [...computed.nodes, ...nodes], tensors: [...computed.tensors, ...tensors] };
    },
  };
}

function activationScales(
  network: Network,
  ranges: ReadonlyMap<ValueName, ActivationRange>,
): ReadonlyMap<ValueName, ActivationScale> {
  const scales = new Map<ValueName, ActivationScale>();
  const missing: string[] = [];
  for (const value of valuesToCalibrate(network)) {
    const range = ranges.get(value);
    if (range !== undefined && Number.isFinite(range.max - range.min) && range.min <= range.max)
      scales.set(value, activationScale(range));
    else
      missing.push(range === undefined ? value : `${value} (${String(range.min)} to ${String(range.max)})`);
  }
  if (missing.length > 0)
    throw new GraphError('GRAPH_BAD_RANGE', `no range from smallest to largest of ${missing.join(', ')}`);
  for (const node of network.nodes) {
    const scale = scales.get(movedFrom(node) ?? '');
    if (scale !== undefined) scales.set(node.output, scale);
  }
  return scales;
}

/** Whose numbers it writes unchanged: both have one scale, and nothing is rounded again. */
function movedFrom(node: Node): ValueName | null {
  return node.op === 'channel-shuffle' || node.op === 'max-pool' ? node.input : null;
}

function renamed(node: Node, name: (value: ValueName) => ValueName): Node {
  return 'left' in node
    ? { ...node, left: name(node.left), right: name(node.right) }
    : { ...node, input: name(node.input) };
}

function storedActivation(value: ValueName, { scale, zero }: ActivationScale): Lowered {
  const names = storedNames(value);
  return {
    nodes: [
      operator('QuantizeLinear', [value, names.scale, names.zero], [names.integers]),
      operator('DequantizeLinear', [names.integers, names.scale, names.zero], [names.real]),
    ],
    tensors: [
      { name: names.scale, dims: [], values: Float32Array.of(scale) },
      { name: names.zero, dims: [], values: Uint8Array.of(zero) },
    ],
  };
}

interface StoredNames {
  readonly integers: string;
  readonly scale: string;
  readonly zero: string;
  /** The integers as numbers again. */
  readonly real: string;
}

function storedNames(value: ValueName): StoredNames {
  return {
    integers: `${value}_quantised`,
    scale: `${value}_scale`,
    zero: `${value}_zero`,
    real: `${value}_dequantised`,
  };
}

/** A convolution or fully connected layer with weight and bias stored as integers, on a stored activation. */
function product(node: Conv | FullyConnected, { scale }: ActivationScale, weights: WeightSource): Lowered {
  const { weight, bias, input, output } = node;
  const { values, scales } = quantiseWeight(
    valuesOf(weights, weight),
    weight.shape[0] ?? 1,
    LARGEST_IN_PAIRS,
  );
  const parameters = [integerTensor(weight, values, scales)];
  if (bias !== null) {
    const units = scales.map((each) => each * scale);
    parameters.push(integerTensor(bias, quantiseBias(valuesOf(weights, bias), units), units));
  }
  const stored = storedNames(input);
  const real = parameters.map(({ node }) => node.outputs[0] ?? '');
  const flat = `${output}_flat`;
  const operators =
    node.op === 'conv'
      ? [operator('Conv', [stored.real, ...real], [output], convAttributes(node))]
      : [
          // Made flat as integers: an operator between would keep the runtime from an integer product.
          operator('Flatten', [stored.integers], [`${flat}_quantised`], { axis: 1 }),
          operator('DequantizeLinear', [`${flat}_quantised`, stored.scale, stored.zero], [flat]),
          operator('Gemm', [flat, ...real], [output], { transB: 1 }),
        ];
  return {
    nodes: [...parameters.map(({ node }) => node), ...operators],
    tensors: parameters.flatMap(({ tensors }) => tensors),
  };
}

function integerTensor(
  { name, shape }: Parameter,
  values: Int8Array | Int32Array,
  scales: Float32Array,
): { readonly node: OnnxNode; readonly tensors: readonly OnnxTensor[] } {
  const [scale, zero] = [`${name}.scale`, `${name}.zero`];
  const channels = scales.length;
  return {
    node: operator('DequantizeLinear', [name, scale, zero], [`${name}.dequantised`], { axis: 0 }),
    tensors: [
      { name, dims: shape, values },
      { name: scale, dims: [channels], values: scales },
      // Zeros, which are the default; but without them ONNX Runtime leaves a fully connected layer in single precision.
      {
        name: zero,
        dims: [channels],
        values: values instanceof Int8Array ? new Int8Array(channels) : new Int32Array(channels),
      },
    ],
  };
}
