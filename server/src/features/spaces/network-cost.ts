import { countMacs, countParameters, networkOf, type BlockCost } from '@espalier/nas/graph';
import { encodingKey, parseEncoding, type SearchSpace } from '@espalier/nas/space';

const costs = new WeakMap<SearchSpace, Map<string, BlockCost>>();

/** Trainable parameters and multiply-accumulates of a network, counted once: a frontier or a search asks for each several times. */
export function networkCost(space: SearchSpace, value: readonly number[]): BlockCost {
  const encoding = parseEncoding(space, value);
  const known = costs.get(space) ?? new Map<string, BlockCost>();
  costs.set(space, known);
  const key = encodingKey(encoding);
  const found = known.get(key) ?? costOf(space, encoding);
  if (known.size >= LARGEST_CACHE) known.clear();
  known.set(key, found);
  return found;
}

const LARGEST_CACHE = 50_000;

function costOf(space: SearchSpace, encoding: ReturnType<typeof parseEncoding>): BlockCost {
  const network = networkOf(space, encoding);
  return { params: countParameters(network), macs: countMacs(network) };
}
