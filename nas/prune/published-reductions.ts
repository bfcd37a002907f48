import { absentChoice, positionsOf, type KeptChoices, type SearchSpace } from '../space/index.js';
import { PruningError } from './rule.js';

/** A reduced space of Mills et al. 2021, chosen by them by eye for a device: names of blocks, layers and odds per unit. */
export interface PublishedReduction {
  readonly name: string;
  readonly removed: readonly string[];
  readonly maxDepths: readonly number[];
  /** Probability of each unit to change in a child. */
  readonly mutationProbabilities: readonly number[];
}

const K7 = ['e3k7', 'e4k7', 'e6k7'];
const GPU = ['e3k3', 'e3k7', 'e4k3'];
const SMALL = ['e3k3', 'e3k5', 'e3k7', 'e4k3'];
const EVEN = [0.5, 0.5, 0.5, 0.5, 0.5];
const LATE = [0.25, 0.25, 0.25, 0.5, 0.5];

/** Of Once-for-All's MobileNetV3 (five units) and ProxylessNAS (six, the last of one layer). */
export const publishedReductions: readonly PublishedReduction[] = [
  { name: 'OFA-NPU', removed: K7, maxDepths: [4, 4, 4, 4, 4], mutationProbabilities: LATE },
  { name: 'OFA-GPU', removed: GPU, maxDepths: [4, 3, 4, 3, 3], mutationProbabilities: EVEN },
  { name: 'OFA-CPU', removed: [], maxDepths: [3, 3, 3, 4, 4], mutationProbabilities: EVEN },
  { name: 'OFA-Note10', removed: ['e3k7', 'e4k7'], maxDepths: [3, 4, 4, 4, 4], mutationProbabilities: EVEN },
  { name: 'OFA-max-accuracy', removed: SMALL, maxDepths: [4, 4, 4, 4, 4], mutationProbabilities: EVEN },
  { name: 'Proxyless-NPU', removed: K7, maxDepths: [4, 4, 4, 4, 4, 1], mutationProbabilities: [...LATE, 0.5] },
  { name: 'Proxyless-GPU', removed: GPU, maxDepths: [3, 3, 3, 4, 4, 1], mutationProbabilities: [...EVEN, 0.5] },
  { name: 'Proxyless-CPU', removed: [], maxDepths: [3, 3, 4, 4, 4, 1], mutationProbabilities: [...EVEN, 0.5] },
  { name: 'Proxyless-max-accuracy', removed: SMALL, maxDepths: [4, 4, 4, 4, 4, 1], mutationProbabilities: [...EVEN, 0.5] },
]; // prettier-ignore

/**
 * What a reduction keeps of a space: every block that is not removed, in every unit; layers beyond a unit's depth are left out.
 * PruningError PRUNING_INVALID_SETTINGS for a space with other units or without the blocks.
 */
export function keptByReduction(
  space: SearchSpace,
  { name, removed, maxDepths }: Pick<PublishedReduction, 'name' | 'removed' | 'maxDepths'>,
): KeptChoices {
  const refuse = (why: string): never => {
    throw new PruningError('PRUNING_INVALID_SETTINGS', `${name} is no reduction of ${space.name}: ${why}`);
  };
  const positions = positionsOf(space);
  if (space.stages.length !== maxDepths.length)
    refuse(`it has ${String(maxDepths.length)} units, the space ${String(space.stages.length)}`);
  const layersOf = (stage: number | null): readonly number[] =>
    positions.filter((each) => each.kind === 'layer' && each.stage === stage).map(({ index }) => index);
  return positions.map((position) => {
    if (position.kind !== 'layer' || position.stage === null) return position.choices.map((_, i) => i);
    const names = position.choices.map((choice) => choice.name);
    const missing = removed.find((block) => !names.includes(block));
    if (missing !== undefined) refuse(`${position.name} has no ${missing}`);
    const depth = layersOf(position.stage).indexOf(position.index) + 1;
    const absent = absentChoice(position);
    if (depth <= (maxDepths[position.stage] ?? 0))
      return names.flatMap((block, i) => (removed.includes(block) ? [] : [i]));
    return absent < 0 ? refuse(`${position.name} cannot be left out`) : [absent];
  });
}
