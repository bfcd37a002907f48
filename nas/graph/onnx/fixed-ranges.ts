import { foldBatchNorms } from '../fold.js';
import type { Network, Node, ValueName } from '../network.js';
import type { ActivationRange } from './quantise.js';
import { valuesToCalibrate } from './static-int8.js';

/**
 * Ranges for measuring: from −`limit` to `limit`, and from 0 for values that are never negative, as data would show. Time depends
 * on them in that alone: a runtime computes a ReLU with the operator before it only when its values start at 0. Not for
 * accuracy, which needs the ranges of real data (`calibrationOf`).
 */
export function fixedRanges(network: Network, limit = 4): ReadonlyMap<ValueName, ActivationRange> {
  // Which values there are does not depend on the tensors.
  const folded = foldBatchNorms(network, () => undefined).network;
  const positive = new Set<ValueName>();
  for (const node of folded.nodes) if (neverNegative(node, positive)) positive.add(node.output);
  return new Map(
    valuesToCalibrate(folded).map((value) => [value, { min: positive.has(value) ? 0 : -limit, max: limit }]),
  );
}

function neverNegative(node: Node, positive: ReadonlySet<ValueName>): boolean {
  switch (node.op) {
    case 'relu':
    case 'relu6':
    case 'sigmoid':
    case 'hard-sigmoid':
    case 'zero':
      return true;
    case 'max-pool':
    case 'average-pool':
    case 'global-average-pool':
    case 'channel-shuffle':
      return positive.has(node.input);
    case 'add':
    case 'mul':
      return positive.has(node.left) && positive.has(node.right);
    default:
      return false;
  }
}
