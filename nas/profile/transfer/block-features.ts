import {
  builtSitesOf,
  chainOf,
  elementCount,
  inferShapes,
  shapeAt,
  type Network,
  type Node,
} from '../../graph/index.js';
import { positionsOf, type SearchSpace } from '../../space/index.js';
import type { BlockFeature } from './problem.js';

const NAMES = [
  'multiply-accumulates',
  'depthwise multiply-accumulates',
  'elements written',
  'operators',
] as const;

/**
 * What each choice of each position of a space costs in four ways that processors charge for differently: arithmetic, arithmetic
 * with little reuse of data, traffic to memory, and calls. Batch norms and element-wise operators count nothing: runtimes fuse
 * them with what stands before.
 */
export function blockFeaturesOf(space: SearchSpace): readonly BlockFeature[] {
  const costs = positionsOf(space).map(({ index, choices }) =>
    choices.map((_, choice) => {
      const total = NAMES.map(() => 0);
      for (const { site, copies } of builtSitesOf(space, index, choice))
        for (const [at, cost] of costsOf(chainOf(space, index, choice, 1, site)).entries())
          total[at] = (total[at] ?? 0) + copies * cost;
      return total;
    }),
  );
  return NAMES.map((name, at) => ({
    name,
    values: costs.map((choices) => choices.map((cost) => cost[at] ?? 0)),
  }));
}

/** In the order of `NAMES`. */
function costsOf(network: Network): readonly number[] {
  const shapes = inferShapes(network);
  let [macs, depthwise, written, operators] = [0, 0, 0, 0];
  for (const node of network.nodes) {
    if (isFused(node)) continue;
    const { channels, height, width } = shapeAt(shapes, node.output);
    operators++;
    written += channels * height * width;
    if (node.op === 'imported') macs += node.block.macs;
    if (node.op !== 'conv' && node.op !== 'fully-connected') continue;
    const own = elementCount(node.weight.shape) * height * width;
    macs += own;
    if (node.op === 'conv' && node.groups > 1 && node.weight.shape[1] === 1) depthwise += own;
  }
  return [macs, depthwise, written, operators];
}

function isFused({ op }: Node): boolean {
  switch (op) {
    case 'conv':
    case 'fully-connected':
    case 'max-pool':
    case 'average-pool':
    case 'channel-shuffle':
    case 'imported':
      return false;
    default:
      return true;
  }
}
