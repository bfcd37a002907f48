import type { Encoding } from '../../space/index.js';
import type { Random } from '../../stats/index.js';
import type { Genomes } from '../genomes.js';

/** How many networks are drawn each time. */
const DRAWS = 800;

/**
 * Unknown networks of the admitted space that may be worth an evaluation, each once: the `likely` ones, children of `parents`
 * (a mix of two, a layer of one changed, or both), and of every eight draws one from anywhere.
 */
export function candidatesNear(
  genomes: Genomes,
  parents: readonly Encoding[],
  likely: readonly Encoding[],
  isKnown: (key: string) => boolean,
  random: Random,
): readonly Encoding[] {
  const found = new Map<string, Encoding>();
  const genome = new Uint16Array(genomes.layerCount);
  const add = (choices: ArrayLike<number> & { join(by: string): string }): void => {
    const key = choices.join('.');
    if (!isKnown(key) && !found.has(key)) found.set(key, genomes.encoding(Uint16Array.from(choices)));
  };
  likely.forEach(add);
  const inside = [...parents, ...likely].filter((encoding) => genomes.holds(encoding));
  for (let draw = 0; draw < DRAWS; draw++) {
    if (draw % 8 === 0 || inside.length === 0) genomes.draw(genome, random);
    else if (!breed(genomes, inside, genome, random)) continue;
    add(genome);
  }
  return [...found.values()];
}

/** Whether it made a network of the space. */
function breed(genomes: Genomes, parents: readonly Encoding[], genome: Uint16Array, random: Random): boolean {
  const mother = parents[random.int(parents.length)] ?? [];
  const father = parents[random.int(parents.length)] ?? [];
  const mixes = random.float() < 0.5;
  mother.forEach((choice, layer) => {
    genome[layer] = mixes && random.float() < 0.5 ? (father[layer] ?? choice) : choice;
  });
  if (genomes.mutable.length > 0 && (!mixes || random.float() < 0.5)) {
    const layer = genomes.anyLayer(random);
    genomes.change(genome, layer, random);
    return genomes.mend(genome, layer, random);
  }
  return genomes.isNetwork(genome);
}
