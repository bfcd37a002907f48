import { blockCosts, countMacs, countParameters, networkOf, type BlockCost } from '@espalier/nas/graph';
import { encodingAt, parseSpaceDocument, type SearchSpace } from '@espalier/nas/space';
import type { SpaceVersionRow } from '../spaces/entities.js';

interface Costs {
  readonly blocks: readonly (readonly BlockCost[])[];
  readonly fixed: BlockCost;
}

const known = new Map<string, Costs>();

/** Trainable parameters and multiply-accumulates of a network: the fixed part and the sum of its blocks. */
export function networkCost(space: SearchSpace, encoding: readonly number[]): BlockCost {
  let costs = known.get(space.name);
  if (!costs) {
    costs = costsOf(space);
    known.set(space.name, costs);
  }
  const sum = (of: (cost: BlockCost) => number): number =>
    encoding.reduce(
      (total, choice, layer) =>
        total + of(costs.blocks[layer]?.[choice] ?? { params: Number.NaN, macs: Number.NaN }),
      of(costs.fixed),
    );
  return { params: sum((c) => c.params), macs: sum((c) => c.macs) };
}

/** Blocks are independent, so what one network has besides its blocks is what every network has. */
function costsOf(space: SearchSpace): Costs {
  const blocks = blockCosts(space);
  const first = networkOf(space, encodingAt(space, 0));
  const own = (of: (cost: BlockCost) => number): number =>
    blocks.reduce((sum, layer) => sum + (layer[0] ? of(layer[0]) : 0), 0);
  return {
    blocks,
    fixed: {
      params: countParameters(first) - own((c) => c.params),
      macs: countMacs(first) - own((c) => c.macs),
    },
  };
}

const LARGEST_CACHE = 100;
const spaces = new Map<string, SearchSpace>();

/** The space of a version, read once: versions never change, and each entry of a frontier asks for it. */
export function spaceOfVersion({ id, document }: SpaceVersionRow): SearchSpace {
  let space = spaces.get(id);
  if (!space) {
    space = parseSpaceDocument(document).space;
    const oldest = spaces.keys().next().value;
    if (spaces.size >= LARGEST_CACHE && oldest !== undefined) spaces.delete(oldest);
    spaces.set(id, space);
  }
  return space;
}
