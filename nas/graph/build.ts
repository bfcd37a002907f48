import { encodingKey, fashionMobile, parseEncoding } from '../space/index.js';
import type { Choice, Encoding, Layer, SearchSpace } from '../space/index.js';
import { addBlock } from './blocks/index.js';
import { NetworkBuilder } from './builder.js';
import { GraphError } from './error.js';
import type { Network } from './network.js';
import { skeletonOf } from './skeletons/index.js';

/** The whole network: channels × height × width of the space's input to one logit a class. */
export function networkOf(space: SearchSpace, encoding: Encoding): Network {
  const skeleton = skeletonOf(space);
  const builder = new NetworkBuilder(space.input);
  let x = skeleton.stem(builder, builder.input);
  space.stages.forEach((stage, at) => {
    for (const layer of stage.layers)
      x = addBlock(builder, x, choiceAt(layer, encoding[layer.index]).block, prefixOf(layer));
    x = skeleton.afterStage(builder, x, at, at === space.stages.length - 1);
  });
  x = skeleton.head(builder, x, space.classes);
  return builder.finish(`${space.name} ${encodingKey(encoding)}`, x);
}

/** One block alone, from the layer's input shape to its output shape. `choice` is an index; GraphError when it is none. */
export function blockOf(space: SearchSpace, layer: Layer, choice: number): Network {
  return chainOf(space, layer, choice, 1);
}

/**
 * `copies` ≥ 1 of a block one after another, each with its own tensors; RangeError for fewer. The difference of two chains is
 * the block without the cost of a call (docs/measurement.md).
 */
export function chainOf(space: SearchSpace, layer: Layer, choice: number, copies: number): Network {
  if (!Number.isInteger(copies) || copies < 1)
    throw new RangeError(`copies must be a positive integer, got ${String(copies)}`);
  const { block, name } = choiceAt(layer, choice);
  const builder = new NetworkBuilder(layer.input);
  let x = builder.input;
  for (let copy = 0; copy < copies; copy++)
    x = addBlock(builder, x, block, copy === 0 ? prefixOf(layer) : `copy${String(copy)}.${prefixOf(layer)}`);
  return builder.finish(`${space.name} ${layer.name} ${name} ×${String(copies)}`, x);
}

/**
 * The network whose latency tells whether a device changed under a campaign. Never change it: a device's reference readings
 * are compared across campaigns and versions.
 */
export function referenceNetwork(): Network {
  return { ...networkOf(fashionMobile, parseEncoding(fashionMobile, [4, 4, 4])), name: 'reference' };
}

/** Trained tensors are named by stage; every built-in stage has one layer. */
function prefixOf(layer: Layer): string {
  return `stages.${String(layer.index)}`;
}

function choiceAt(layer: Layer, choice: number | undefined): Choice {
  const found = choice === undefined ? undefined : layer.choices[choice];
  if (found === undefined)
    throw new GraphError(
      'GRAPH_UNKNOWN_CHOICE',
      `${layer.name} has choices 0 to ${String(layer.choices.length - 1)}, got ${String(choice)}`,
    );
  return found;
}
