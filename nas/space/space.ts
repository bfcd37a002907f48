import type { Block } from './block.js';
import { SpaceError } from './error.js';

/** Channels × height × width of one item of a batch. */
export interface TensorShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** A candidate of a layer. `name` is unique within the layer and stable; `label` is for reading. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly block: Block;
}

/** A position that takes one of `choices`; `index` is its place in the encoding. */
export interface Layer {
  readonly name: string;
  readonly index: number;
  readonly input: TensorShape;
  readonly output: TensorShape;
  readonly choices: readonly Choice[];
}

/** Layers that share a resolution. */
export interface Stage {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** A family of networks: fixed parts (known to the family's graph builder) plus layers with choices. `name` is its id. */
export interface SearchSpace {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: TensorShape;
  readonly classes: number;
  readonly stages: readonly Stage[];
}

/** All layers in the order of the encoding. */
export function layersOf(space: SearchSpace): readonly Layer[] {
  return space.stages.flatMap((stage) => stage.layers);
}

/** The layer at a place of the encoding; SpaceError when there is none. */
export function layerAt(space: SearchSpace, index: number): Layer {
  const layer = layersOf(space)[index];
  if (layer === undefined)
    throw new SpaceError('SPACE_INVALID_INDEX', [
      { path: '', message: `${space.name} has no layer ${String(index)}` },
    ]);
  return layer;
}

/** How many networks the space holds: the product of its layers' choice counts. */
export function spaceSize(space: SearchSpace): bigint {
  return layersOf(space).reduce((size, layer) => size * BigInt(layer.choices.length), 1n);
}
