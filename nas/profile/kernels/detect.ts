import {
  elementCount,
  foldBatchNorms,
  inferShapes,
  inputsOf,
  shapeAt,
  type Conv,
  type Network,
  type Node,
  type ValueName,
} from '../../graph/index.js';
import type { TensorShape } from '../../space/index.js';
import type { FusionRules } from './fusion.js';
import type { Kernel, Operator } from './kernel.js';

/** A kernel of a network; `kernel` is null for an uploaded model, which is executed in a way of its own. */
export interface DetectedKernel {
  readonly kernel: Kernel | null;
  /** Multiply-accumulates of one item. */
  readonly macs: number;
}

/**
 * The kernels of a network in the order of execution, by nn-Meter's rules: batch norms are folded and squeeze-excites put together;
 * then each operator takes in what is fused behind it. An operator is fused by the rule for the *root* of its group and itself.
 */
export function detectKernels(network: Network, rules: FusionRules): readonly DetectedKernel[] {
  const folded = foldBatchNorms(network, () => undefined).network;
  const steps = contract(folded);
  const consumers = new Map<ValueName, Step[]>();
  for (const step of steps)
    for (const value of step.inputs) consumers.set(value, [...(consumers.get(value) ?? []), step]);
  const edgesOf = ({ output }: Step): readonly (Step | null)[] => [
    ...(consumers.get(output) ?? []),
    ...(output === folded.output ? [null] : []),
  ];
  const fusible = new Set(rules.pairs.map((pair) => pair.join(' ')));
  const taken = new Set<Step>();
  return steps.flatMap((root): DetectedKernel[] => {
    if (taken.has(root)) return [];
    taken.add(root);
    const group = [root];
    let edges = edgesOf(root);
    for (;;) {
      if (edges.length > 1 && rules.fanOut === 'none') break;
      const next = edges.find(
        (step): step is Step =>
          step !== null && !taken.has(step) && fusible.has(`${root.operator} ${step.operator}`),
      );
      if (next === undefined) break;
      taken.add(next);
      group.push(next);
      const others = rules.fanOut === 'all' ? edges.filter((step) => step !== next) : [];
      edges = [...others, ...edgesOf(next)];
    }
    const macs = group.reduce((sum, step) => sum + step.macs, 0);
    if (root.operator === 'imported') return [{ kernel: null, macs }];
    const operators = group.map(({ operator }) => operator).filter((operator) => operator !== 'imported');
    return [{ kernel: { ...root.shape, operators }, macs }];
  });
}

/** An operator, or several that are treated as one. */
interface Step {
  readonly operator: Operator | 'imported';
  readonly inputs: readonly ValueName[];
  readonly output: ValueName;
  readonly macs: number;
  readonly shape: Omit<Kernel, 'operators'>;
}

/** The nodes with each squeeze-excite as one step, at the place of its last node. */
function contract(network: Network): readonly Step[] {
  const shapes = inferShapes(network);
  const writers = new Map(network.nodes.map((node) => [node.output, node]));
  const readers = new Map<ValueName, number>();
  for (const value of [...network.nodes.flatMap(inputsOf), network.output])
    readers.set(value, (readers.get(value) ?? 0) + 1);
  const inside = new Set<Node>();
  const gates = new Map<Node, Gate>();
  for (const node of network.nodes) {
    const gate = gateOf(node, (value) => (readers.get(value) === 1 ? writers.get(value) : undefined));
    if (gate === null) continue;
    gates.set(node, gate);
    for (const part of gate.nodes) inside.add(part);
  }
  return network.nodes.flatMap((node): Step[] => {
    if (inside.has(node)) return [];
    const gate = gates.get(node);
    const shapeOf = (value: ValueName): TensorShape => shapeAt(shapes, value);
    return [gate === undefined ? stepOf(node, shapeOf) : gateStep(node, gate, shapeOf)];
  });
}

/** The inner nodes of a squeeze-excite. */
interface Gate {
  readonly input: ValueName;
  readonly squeeze: number;
  readonly nodes: readonly [Node, Conv, Node, Conv, Node];
}

/** x · gate(conv(relu(conv(mean(x))))); `only` gives the writer of a value that nothing else reads. */
function gateOf(node: Node, only: (value: ValueName) => Node | undefined): Gate | null {
  if (node.op !== 'mul') return null;
  const gate = only(node.right);
  if (gate?.op !== 'sigmoid' && gate?.op !== 'hard-sigmoid') return null;
  const expand = only(gate.input);
  const relu = expand?.op === 'conv' ? only(expand.input) : undefined;
  const reduce = relu?.op === 'relu' ? only(relu.input) : undefined;
  const mean = reduce?.op === 'conv' ? only(reduce.input) : undefined;
  if (expand?.op !== 'conv' || relu === undefined || reduce?.op !== 'conv') return null;
  if (mean?.op !== 'global-average-pool' || mean.input !== node.left) return null;
  return {
    input: mean.input,
    squeeze: reduce.weight.shape[0] ?? 0,
    nodes: [mean, reduce, relu, expand, gate],
  };
}

function gateStep(
  node: Node,
  { input, squeeze, nodes }: Gate,
  shapeOf: (value: ValueName) => TensorShape,
): Step {
  const [, reduce, , expand] = nodes;
  return {
    operator: 'squeeze-excite',
    inputs: [input],
    output: node.output,
    macs: elementCount(reduce.weight.shape) + elementCount(expand.weight.shape),
    shape: { ...plainShape(shapeOf(input)), squeeze },
  };
}

function stepOf(node: Node, shapeOf: (value: ValueName) => TensorShape): Step {
  const inputs = inputsOf(node);
  const [first = ''] = inputs;
  const input = shapeOf(first);
  const step = (operator: Step['operator'], shape: Partial<Kernel> = {}, macs = 0): Step => ({
    operator,
    inputs,
    output: node.output,
    macs,
    shape: { ...plainShape(input), ...shape },
  });
  switch (node.op) {
    case 'conv': {
      const output = shapeOf(node.output);
      const { groups, stride } = node;
      const operator =
        groups > 1 && groups === input.channels && groups === output.channels ? 'depthwise-conv' : 'conv';
      const macs = elementCount(node.weight.shape) * output.height * output.width;
      const kernel = node.weight.shape[2] ?? 1;
      return step(operator, { channelsOut: output.channels, kernel, stride, groups }, macs);
    }
    case 'fully-connected': {
      const channelsIn = input.channels * input.height * input.width;
      const [channelsOut = 0] = node.weight.shape;
      return step('fully-connected', { size: 1, channelsIn, channelsOut }, elementCount(node.weight.shape));
    }
    case 'max-pool':
    case 'average-pool':
      return step(node.op, { kernel: node.kernel, stride: node.stride });
    case 'channel-shuffle':
      return step(node.op, { groups: node.groups });
    case 'imported':
      return step(node.op, {}, node.block.macs);
    default:
      return step(node.op);
  }
}

function plainShape({ channels, height, width }: TensorShape): Omit<Kernel, 'operators'> {
  const size = Math.max(1, Math.round(Math.sqrt(height * width)));
  return { size, channelsIn: channels, channelsOut: channels, kernel: 1, stride: 1, groups: 1, squeeze: 0 };
}
