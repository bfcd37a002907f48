import { absentChoice, positionsOf, type SearchSpace } from '../space/index.js';
import type { Random } from '../stats/index.js';
import type { Genomes } from './genomes.js';

/**
 * What a mutation changes as a whole: the layers of a stage, which blocks may be put between and taken from; every other
 * position (a width, an edge, the resolution) alone.
 */
export interface Unit {
  /** Positions of its layers, in order. */
  readonly layers: readonly number[];
  /** The choice at each that leaves it out, −1 where none does. */
  readonly absent: readonly number[];
  /** Of a layer's choice the same one at another layer; −1 where that has none of its name. */
  readonly sameAt: (from: number, choice: number, to: number) => number;
  readonly isResolution: boolean;
}

/** The units of a space in the order of their first positions. */
export function unitsOf(space: SearchSpace): readonly Unit[] {
  const positions = positionsOf(space);
  const groups = new Map<string, number[]>();
  for (const { kind, stage, index } of positions) {
    const key = kind === 'layer' && stage !== null ? `stage ${String(stage)}` : `position ${String(index)}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()].map((layers) => ({
    layers,
    absent: layers.map((layer) => {
      const position = positions[layer];
      return position === undefined ? -1 : absentChoice(position);
    }),
    sameAt: (from, choice, to) => {
      const name = positions[from]?.choices[choice]?.name;
      return positions[to]?.choices.findIndex((each) => each.name === name) ?? -1;
    },
    isResolution: positions[layers[0] ?? -1]?.kind === 'resolution',
  }));
}

/** How many layers of a unit are there; those left out are the last. */
export function depthOf({ layers, absent }: Unit, genome: ArrayLike<number>): number {
  let depth = layers.length;
  while (depth > 0 && absent[depth - 1] !== -1 && genome[layers[depth - 1] as number] === absent[depth - 1])
    depth--;
  return depth;
}

/** What a unit can undergo (Mills et al. 2021): a block more, one less, or another in its place. */
const OPERATIONS = ['add', 'remove', 'swap'] as const;

/**
 * One operation on a unit, drawn uniformly from those that give a network; in place. False, and nothing changed, when there is
 * none.
 */
export function changeUnit(genomes: Genomes, unit: Unit, genome: Uint16Array, random: Random): boolean {
  const before = genome.slice();
  const operations = [...OPERATIONS];
  while (operations.length > 0) {
    const [operation] = operations.splice(random.int(operations.length), 1);
    // Which block and where is drawn: some of the ways may be barred.
    for (let draw = 0; draw < 16; draw++) {
      const isDone =
        operation === 'add'
          ? addBlock(genomes, unit, genome, random)
          : operation === 'remove'
            ? removeBlock(genomes, unit, genome, random)
            : swapBlock(genomes, unit, genome, random);
      if (isDone && genomes.isNetwork(genome)) return true;
      genome.set(before);
    }
  }
  return false;
}

/**
 * Gives the unit a depth, with blocks drawn for layers that were left out. False where pruning left no such choice; the genome
 * may then be no network.
 */
export function setDepth(
  genomes: Genomes,
  unit: Unit,
  genome: Uint16Array,
  depth: number,
  random: Random,
): boolean {
  const before = depthOf(unit, genome);
  return unit.layers.every((layer, at) => {
    if (at < before && at < depth) return true;
    const choice =
      at < depth ? drawn(blocksOf(genomes, unit, at), random) : allowedOr(genomes, layer, unit.absent[at]);
    if (choice >= 0) genome[layer] = choice;
    return choice >= 0;
  });
}

/** The choices of a unit's layer that are there, those left after pruning. */
export function blocksOf(genomes: Genomes, { layers, absent }: Unit, at: number): readonly number[] {
  return Array.from(genomes.choicesOf(layers[at] as number)).filter((choice) => choice !== absent[at]);
}

function addBlock(genomes: Genomes, unit: Unit, genome: Uint16Array, random: Random): boolean {
  const depth = depthOf(unit, genome);
  if (depth === unit.layers.length) return false;
  const at = random.int(depth + 1);
  for (let to = depth; to > at; to--) if (!shift(genomes, unit, genome, to - 1, to)) return false;
  const choice = drawn(blocksOf(genomes, unit, at), random);
  if (choice >= 0) genome[unit.layers[at] as number] = choice;
  return choice >= 0;
}

function removeBlock(genomes: Genomes, unit: Unit, genome: Uint16Array, random: Random): boolean {
  const depth = depthOf(unit, genome);
  const last = allowedOr(genomes, unit.layers[depth - 1] ?? -1, unit.absent[depth - 1]);
  if (depth === 0 || last < 0) return false;
  for (let to = random.int(depth); to < depth - 1; to++)
    if (!shift(genomes, unit, genome, to + 1, to)) return false;
  genome[unit.layers[depth - 1] as number] = last;
  return true;
}

function swapBlock(genomes: Genomes, unit: Unit, genome: Uint16Array, random: Random): boolean {
  const depth = depthOf(unit, genome);
  if (depth === 0) return false;
  const at = random.int(depth);
  const layer = unit.layers[at] as number;
  const choice = drawn(
    blocksOf(genomes, unit, at).filter((each) => each !== genome[layer]),
    random,
  );
  if (choice >= 0) genome[layer] = choice;
  return choice >= 0;
}

/** Moves a block to the place beside it; false where it may not stand there. */
function shift(genomes: Genomes, unit: Unit, genome: Uint16Array, from: number, to: number): boolean {
  const [source, target] = [unit.layers[from] as number, unit.layers[to] as number];
  const choice = allowedOr(genomes, target, unit.sameAt(source, genome[source] as number, target));
  if (choice >= 0) genome[target] = choice;
  return choice >= 0;
}

function allowedOr(genomes: Genomes, layer: number, choice = -1): number {
  return layer >= 0 && choice >= 0 && genomes.choicesOf(layer).includes(choice) ? choice : -1;
}

function drawn(choices: readonly number[], random: Random): number {
  return choices.length === 0 ? -1 : (choices[random.int(choices.length)] as number);
}
