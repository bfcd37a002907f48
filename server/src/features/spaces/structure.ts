import {
  blockCosts,
  sitesOf,
  structureOf,
  type BlockCost,
  type BlockSite,
  type Storey,
} from '@espalier/nas/graph';
import type { ParsedSpace } from '@espalier/nas/format';
import { positionsOf, type Position, type SearchSpace, type TensorShape } from '@espalier/nas/space';
import type { SpaceVersionRow } from './entities.js';
import { parsedSpace } from './parsed-space.js';

export const shapeList = ({ channels, height, width }: TensorShape): number[] => [channels, height, width];

const facts = new WeakMap<
  SearchSpace,
  { costs: readonly (readonly BlockCost[])[]; sites: readonly BlockSite[] }
>();

/** Parameters and MACs of every block at every position, and where the position stands; worked out once for a space. */
function factsOf(space: SearchSpace) {
  const known = facts.get(space) ?? {
    costs: blockCosts(space),
    sites: positionsOf(space).map(({ index }) => sitesOf(space, index)[0] ?? NO_SITE),
  };
  facts.set(space, known);
  return known;
}

/** Parameters and MACs of every choice at every position, `[position][choice]`. */
export const blockCostsOf = (space: SearchSpace): readonly (readonly BlockCost[])[] => factsOf(space).costs;

/** A width or the resolution stands at no shape of its own. */
const NO_SITE: BlockSite = {
  input: { channels: 0, height: 0, width: 0 },
  output: { channels: 0, height: 0, width: 0 },
  stride: 1,
  copies: 0,
};

/** Stages of a buildable space with their positions; the edges of a cell and the resolution, which belong to no stage, are groups of their own. */
export function stagesOf({ space, kept }: ParsedSpace) {
  const { costs, sites } = factsOf(space);
  const layerOf = ({ kind, index, name, choices }: Position) => {
    const keptHere = new Set(kept[index]);
    const site = sites[index] ?? NO_SITE;
    return {
      name,
      index,
      kind: POSITION_KINDS[kind],
      inputShape: shapeList(site.input),
      outputShape: shapeList(site.output),
      choices: choices.map((choice, at) => ({
        index: at,
        name: choice.name,
        label: choice.label,
        kept: keptHere.has(at),
        paramCount: costs[index]?.[at]?.params ?? 0,
        macs: costs[index]?.[at]?.macs ?? 0,
      })),
    };
  };
  const groups = [
    { name: 'cell', positions: positionsOf(space).filter(({ kind }) => kind === 'edge') },
    ...space.stages.map(({ name }, at) => ({
      name,
      positions: positionsOf(space).filter(({ stage }) => stage === at),
    })),
    { name: 'input', positions: positionsOf(space).filter(({ kind }) => kind === 'resolution') },
  ];
  return groups
    .filter(({ positions }) => positions.length > 0)
    .map(({ name, positions }) => ({ name, layers: positions.map(layerOf) }));
}

const POSITION_KINDS = { edge: 'EDGE', width: 'WIDTH', layer: 'LAYER', resolution: 'RESOLUTION' } as const;

/** The macro structure of a version's space; pruning changes nothing of it but which choices are kept. */
export function storeysOf(version: SpaceVersionRow) {
  return structureOf(parsedSpace(version).space).map((storey) => ({
    kind: STOREY_KINDS[storey.kind],
    name: storey.name,
    description: descriptionOf(storey),
    inputShape: shapeList(storey.input),
    outputShape: shapeList(storey.output),
    channels: storey.kind === 'stage' ? [...storey.channels] : [],
    depths: storey.kind === 'stage' ? [...storey.depths] : [],
    positions: storey.kind === 'stage' ? storey.positions.map(({ index }) => index) : [],
  }));
}

const STOREY_KINDS = { fixed: 'FIXED', stage: 'STAGE', cells: 'CELLS' } as const;

function descriptionOf(storey: Storey): string | null {
  if (storey.kind === 'fixed') return storey.description;
  return storey.kind === 'cells' ? `${storey.copies} cells` : null;
}
