import type { Choice, Stage, TensorShape } from '../space.js';

/** Stages of one layer each, all with the same choices: the shape of BLOX and of both Fashion spaces. */
export function threeStages(shapes: readonly TensorShape[], choices: readonly Choice[]): readonly Stage[] {
  return shapes.map((shape, index) => {
    const name = `stage${String(index + 1)}`;
    return { name, layers: [{ name, index, input: shape, output: shape, choices }] };
  });
}
