import { absentChoice, positionsOf, type KeptChoices, type SearchSpace } from '@espalier/nas/space';
import { sampleWithoutReplacement, shuffled, type Random } from '@espalier/nas/stats';

/**
 * The control of Mills et al. 2021 for a reduced space of optional layers: every unit keeps as many blocks, drawn, the same in all
 * its layers; and as many units are capped at as many layers, drawn. Units have the same number of layers and blocks, so that it
 * has exactly the reduced space's size.
 */
export function controlSpace(space: SearchSpace, reduced: KeptChoices, random: Random): KeptChoices {
  const positions = positionsOf(space);
  const units = space.stages.map((_, stage) =>
    positions.filter((position) => position.stage === stage).map(({ index }) => index),
  );
  const shapes = shuffled(
    units.map((layers) => layers.map((at) => countBlocks(space, reduced, at))),
    random,
  );
  const kept = [...reduced];
  units.forEach((layers, unit) => {
    const [first = 0] = layers;
    const all = blocksOf(space, first);
    const most = Math.max(...(shapes[unit] ?? []));
    const drawn = sampleWithoutReplacement(all, most, random).sort((a, b) => a - b);
    layers.forEach((at, layer) => {
      const position = positions[at];
      const absent = position === undefined ? -1 : absentChoice(position);
      const count = shapes[unit]?.[layer] ?? 0;
      kept[at] = [...drawn.slice(0, count), ...(absent >= 0 ? [absent] : [])];
    });
  });
  return kept;
}

function countBlocks(space: SearchSpace, kept: KeptChoices, at: number): number {
  const blocks = blocksOf(space, at);
  return (kept[at] ?? []).filter((choice) => blocks.includes(choice)).length;
}

function blocksOf(space: SearchSpace, at: number): readonly number[] {
  const position = positionsOf(space)[at];
  if (position === undefined) return [];
  return position.choices.flatMap((_, choice) => (choice === absentChoice(position) ? [] : [choice]));
}
