import { positionsOf, type KeptChoices, type SearchSpace } from '../space/index.js';
import { competes, type PerChoice } from './rule.js';

/** What a rule decides and why, choice by choice. */
export interface Decision {
  /** Sorted, never none of a position. */
  readonly kept: KeptChoices;
  /** What the rule ranked by, higher is better; null where it ranks nothing. */
  readonly scores: PerChoice | null;
  /** Choices of each position, best first; null where the rule ranks nothing. */
  readonly order: readonly (readonly number[])[] | null;
  /** One line a choice: whether it stays and what the rule saw in it. */
  readonly reasons: readonly (readonly string[])[];
  /** One or two sentences. */
  readonly explanation: string;
  /** Of each unit (`unitsOf` of the search) to change in a child; EFFECT_OUTLIERS only. */
  readonly mutationProbabilities?: readonly number[];
}

/** Puts what a rule found into words; `fact` is asked for choices that compete, the others stay as they are. */
export function explained(
  space: SearchSpace,
  found: Omit<Decision, 'reasons'>,
  fact: (position: number, choice: number) => string,
): Decision {
  const reasons = positionsOf(space).map(({ choices }, at) =>
    choices.map((choice, i) => {
      const verdict = found.kept[at]?.includes(i) === true ? 'stays' : 'goes';
      return competes(choice) ? `${verdict}: ${fact(at, i)}` : `${verdict}: not for rules to remove`;
    }),
  );
  return { ...found, reasons };
}

/** Where a choice stands in its layer's order, such as `3rd of 27`; of those that compete. */
export function placeOf(space: SearchSpace, order: readonly (readonly number[])[]): PlaceOf {
  const ranked = positionsOf(space).map(({ choices }, at) =>
    (order[at] ?? []).filter((i) => {
      const choice = choices[i];
      return choice !== undefined && competes(choice);
    }),
  );
  return (position, choice) => {
    const here = ranked[position] ?? [];
    return `${ordinal(here.indexOf(choice) + 1)} of ${String(here.length)}`;
  };
}

export type PlaceOf = (position: number, choice: number) => string;

/** With three significant digits. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function ordinal(place: number): string {
  const teen = place % 100 > 10 && place % 100 < 14;
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${String(place)}${suffix}`;
}
