import { positionAt, type Encoding, type Layer, type SearchSpace } from '../space/index.js';
import { networkOf } from './build.js';
import { GraphError } from './error.js';
import type { Network } from './network.js';

/**
 * A whole network in which nothing is built at one layer or edge: its input goes on as it is, or through a strided 1×1 convolution
 * with batch norm where the place changes the shape (Zeng et al. 2020, remove-one differencing). GraphError for a position
 * that builds no blocks.
 */
export function networkWithout(space: SearchSpace, encoding: Encoding, position: number): Network {
  const { kind, name } = positionAt(space, position);
  if (kind !== 'layer' && kind !== 'edge')
    throw new GraphError('GRAPH_UNKNOWN_CHOICE', `${name} builds no block that could be taken out`);
  const emptied = (layer: Layer): Layer =>
    layer.name === name
      ? { ...layer, choices: layer.choices.map((choice) => ({ ...choice, block: WITHOUT })) }
      : layer;
  const without: SearchSpace = {
    ...space,
    cell: space.cell && { ...space.cell, edges: space.cell.edges.map(emptied) },
    stages: space.stages.map((stage) => ({ ...stage, layers: stage.layers.map(emptied) })),
  };
  const network = networkOf(without, encoding);
  return { ...network, name: `${network.name} without ${name}` };
}

const WITHOUT = { kind: 'skip', activation: null } as const;
