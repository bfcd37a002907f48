import { layersOf, type SearchSpace } from '../space/index.js';
import { blockOf } from './build.js';
import { elementCount, parametersOf, type Network } from './network.js';
import { inferShapes, shapeAt } from './shapes.js';

/** What a block adds to a network, whatever stands around it. */
export interface BlockCost {
  readonly params: number;
  readonly macs: number;
}

/** Trainable parameters: weights, biases, batch norms' scales and shifts; running statistics are none. */
export function countParameters(network: Network): number {
  return network.nodes
    .flatMap(parametersOf)
    .filter(({ role }) => role !== 'mean' && role !== 'variance')
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** Multiply-accumulates of convolutions and fully connected layers for one item; nothing else is counted. */
export function countMacs(network: Network): number {
  const shapes = inferShapes(network);
  return network.nodes.reduce((sum, node) => {
    if (node.op !== 'conv' && node.op !== 'fully-connected') return sum;
    const { height, width } = shapeAt(shapes, node.output);
    return sum + elementCount(node.weight.shape) * height * width;
  }, 0);
}

/** Costs of every choice of every layer, in the order of the encoding. */
export function blockCosts(space: SearchSpace): readonly (readonly BlockCost[])[] {
  return layersOf(space).map((layer) =>
    layer.choices.map((_, choice) => {
      const block = blockOf(space, layer, choice);
      return { params: countParameters(block), macs: countMacs(block) };
    }),
  );
}
