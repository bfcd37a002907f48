import {
  positionsOf,
  typicalEncoding,
  type Encoding,
  type Position,
  type SearchSpace,
} from '../../space/index.js';
import { networkCost, PUBLISHED_CONSTANTS, type Cell, type CostConstants, type Family } from './selection.js';

/** A family of blocks within a space: which choices of each layer belong to it. */
export interface BlockFamily {
  readonly name: string;
  /** By layer of the space (positions that are layers, in order), indices into its choices. */
  readonly choices: readonly (readonly number[])[];
}

/**
 * The families of a space, in the order of its choices: blocks of one kind, in a space that offers several of each kind in every
 * layer. Otherwise the space is one family: a skip or a pooling that stands beside convolutions makes no network alone.
 */
export function blockFamiliesOf(space: SearchSpace): readonly BlockFamily[] {
  const layers = positionsOf(space).filter(isLayer);
  const kinds = [
    ...new Set(
      layers.flatMap(({ choices }) =>
        choices.flatMap(({ block }) => (block.kind === 'absent' ? [] : [block.kind])),
      ),
    ),
  ];
  const ofKinds = kinds.map((name): BlockFamily => ({
    name,
    choices: layers.map(({ choices }) =>
      choices.flatMap(({ block }, choice) => (block.kind === name ? [choice] : [])),
    ),
  }));
  if (ofKinds.every(({ choices }) => choices.every(({ length }) => length > 1))) return ofKinds;
  const whole = layers.map(({ choices }) =>
    choices.flatMap(({ block }, choice) => (block.kind === 'absent' ? [] : [choice])),
  );
  return [{ name: space.name, choices: whole }];
}

/** A base network with what is known of it. */
export interface BaseNetwork {
  readonly encoding: Encoding;
  /** A fraction. */
  readonly accuracy: number;
  readonly latencyMs: number;
}

/**
 * Cells of a space's families from its base networks: a block costs what the network costs that has it in its layer, and the
 * typical block of every layer what the first base network costs. A family that the typical blocks are none of has its cheapest
 * block of a layer for a default. Base networks that are not known have no cell. RangeError when the first is missing.
 */
export function familyCells(
  space: SearchSpace,
  networks: readonly BaseNetwork[],
  constants: CostConstants = PUBLISHED_CONSTANTS,
): { readonly families: readonly Family[]; readonly cells: readonly Cell[] } {
  const layers = positionsOf(space).filter(isLayer);
  const typical = typicalEncoding(space);
  const costs = new Map(
    networks.map(({ encoding, accuracy, latencyMs }) => [
      encoding.join('.'),
      networkCost(accuracy, latencyMs, constants),
    ]),
  );
  if (!costs.has(typical.join('.'))) throw new RangeError(`${space.name}: its first base network is missing`);
  const groups = blockFamiliesOf(space);
  const nameOf = ({ name }: BlockFamily): string =>
    groups.length === 1 ? space.name : `${space.name} ${name}`;
  const cells = groups.flatMap((group) =>
    group.choices.flatMap((choices, layer) =>
      choices.flatMap((block): Cell[] => {
        const at = layers[layer]?.index ?? -1;
        const cost = costs.get(typical.map((each, other) => (other === at ? block : each)).join('.'));
        return cost === undefined ? [] : [{ family: nameOf(group), layer, block, cost }];
      }),
    ),
  );
  const families = groups.map((group): Family => ({
    name: nameOf(group),
    layers: layers.length,
    defaults: group.choices.map((choices, layer) => {
      const usual = typical[layers[layer]?.index ?? -1] ?? 0;
      if (choices.includes(usual)) return usual;
      const [cheapest] = cells
        .filter((cell) => cell.family === nameOf(group) && cell.layer === layer)
        .sort((a, b) => a.cost - b.cost || a.block - b.block);
      return cheapest?.block ?? choices[0] ?? 0;
    }),
  }));
  return { families, cells };
}

const isLayer = ({ kind }: Position): boolean => kind === 'layer' || kind === 'edge';
