import { positionsOf, type Block, type SearchSpace } from '@espalier/nas/space';
import type { Similarity } from './pairwise-model.js';

/**
 * How alike the blocks of a layer are: an inner product of features, 1 of a block with itself. Blocks share that they are there, and a
 * kernel, an expansion, or all; a layer that is left out has no feature.
 */
export function blockSimilarities(space: SearchSpace): readonly Similarity[] {
  return positionsOf(space).map(({ choices }) => ({
    choices: choices.length,
    values: Float64Array.from({ length: choices.length ** 2 }, (_, at) => {
      const [a, b] = [choices[Math.floor(at / choices.length)], choices[at % choices.length]];
      return a === undefined || b === undefined ? 0 : alike(a.block, b.block);
    }),
  }));
}

function alike(a: Block, b: Block): number {
  if (a.kind !== 'mbconv' || b.kind !== 'mbconv') return 0;
  const kernel = Number(a.kernel === b.kernel);
  const expansion = Number(a.expansion === b.expansion);
  return (1 + kernel + expansion + kernel * expansion) / 4;
}
