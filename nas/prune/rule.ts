import { positionsOf, type Choice, type KeptChoices, type SearchSpace } from '../space/index.js';

/**
 * What a pruning rule decides. `scores[layer][choice]` is what the rule ranked by (its docstring says which way is better);
 * `order[layer]` lists all choices, best first; `kept` is its beginning, sorted.
 */
export interface PruningRule {
  readonly kept: KeptChoices;
  readonly scores: PerChoice;
  readonly order: readonly (readonly number[])[];
}

/** One number for each choice of each layer: `[layer][choice]`. */
export type PerChoice = readonly (readonly number[])[];

export type PruningErrorCode =
  | 'PRUNING_INVALID_RATIO'
  | 'PRUNING_INVALID_SETTINGS'
  | 'PRUNING_INVALID_VALUES'
  | 'PRUNING_MISSING_EVIDENCE'
  | 'PRUNING_EMPTY_LAYER'
  | 'PRUNING_NO_NETWORK';

/** A ratio, a table or a choice that a rule cannot work with, or what is left makes no network. */
export class PruningError extends Error {
  override readonly name = 'PruningError';

  constructor(
    readonly code: PruningErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * How many of `count` choices stay when the share `ratio` goes: ceil((1 − ratio) · count), at least one.
 * PruningError PRUNING_INVALID_RATIO outside [0, 1).
 */
export function keptCount(count: number, ratio: number): number {
  if (!(ratio >= 0 && ratio < 1))
    throw new PruningError('PRUNING_INVALID_RATIO', `ratio must be in [0, 1), got ${String(ratio)}`);
  // 0.9 · 10 must be 1 of 10 although 1 − 0.9 is a little more than 0.1.
  return Math.max(1, Math.ceil((1 - ratio) * count - 1e-9));
}

/** Whether rules may remove a choice: widths, resolutions and leaving a layer out are a person's to remove. */
export function competes({ block }: Choice): boolean {
  return block.kind !== 'absent' && block.kind !== 'width' && block.kind !== 'resolution';
}

/** Keeps per position the beginning of `order`; the ratio is of the choices that compete, the others stay. */
export function keepBest(
  space: SearchSpace,
  ratio: number,
  scores: PerChoice,
  order: readonly (readonly number[])[],
): PruningRule {
  const positions = positionsOf(space);
  const stayFirst = positions.map(({ choices }, at) => {
    const rival = (choice: number): boolean => {
      const found = choices[choice];
      return found !== undefined && competes(found);
    };
    const ranked = order[at] ?? [];
    return [...ranked.filter((choice) => !rival(choice)), ...ranked.filter(rival)];
  });
  const kept = positions.map(({ choices }, at) => {
    const rivals = choices.filter(competes).length;
    const count = choices.length - rivals + (rivals === 0 ? 0 : keptCount(rivals, ratio));
    return (stayFirst[at] ?? []).slice(0, count).sort((a, b) => a - b);
  });
  return { kept, scores, order: stayFirst };
}

/**
 * Checks that `values` has a finite number (one of at least 0 if `unsigned`) for each choice that competes.
 * PruningError PRUNING_INVALID_VALUES names the first place without.
 */
export function assertPerChoice(
  space: SearchSpace,
  values: PerChoice,
  what: string,
  unsigned: boolean,
): void {
  positionsOf(space).forEach((layer, at) => {
    layer.choices.forEach((choice, i) => {
      const value = values[at]?.[i];
      if (!competes(choice)) return;
      if (value === undefined || !Number.isFinite(value) || (unsigned && value < 0))
        throw new PruningError(
          'PRUNING_INVALID_VALUES',
          `${what} of ${choice.name} at ${layer.name} must be ${unsigned ? 'a number of at least 0' : 'a finite number'}, got ${String(value)}`,
        );
    });
  });
}

/** Choices of a layer by ascending comparison, earlier choices first where it gives 0. */
export function ordered(count: number, compare: (i: number, j: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => i).sort((i, j) => compare(i, j) || i - j);
}
