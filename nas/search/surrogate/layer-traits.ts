import { attributesOf } from '../../prune/index.js';
import { positionsOf, type Choice, type SearchSpace } from '../../space/index.js';

/**
 * Ways in which the choices of a layer may be alike, each a partition of them: choices with the same number share the trait.
 * One for each attribute (kernel, expansion, wiring, pairs of these, …) that tells some of them apart, and, last, the choice
 * itself. Kinds of blocks share nothing.
 */
export function layerTraits(space: SearchSpace): readonly (readonly Uint16Array[])[] {
  return positionsOf(space).map(({ choices }) => {
    const own = Uint16Array.from(choices, (_, choice) => choice);
    const partitions = new Map<string, Uint16Array>();
    for (const trait of traitsOf(choices)) if (new Set(trait).size > 1) partitions.set(trait.join(), trait);
    partitions.delete(own.join());
    return [...partitions.values(), own];
  });
}

function traitsOf(choices: readonly Choice[]): readonly Uint16Array[] {
  const attributes = choices.map(({ block }) => attributesOf(block));
  const count = Math.max(...attributes.map(({ length }) => length));
  return Array.from({ length: count }, (_, at) => {
    const names = choices.map(({ block }, choice) => {
      const value = attributes[choice]?.[at];
      return value === undefined ? `only ${String(choice)}` : `${block.kind} ${value}`;
    });
    return Uint16Array.from(names, (name) => names.indexOf(name));
  });
}
