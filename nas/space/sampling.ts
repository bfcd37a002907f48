import type { Random } from '../stats/index.js';
import { parseEncoding, type Encoding } from './encoding.js';
import { SpaceError } from './error.js';
import { keepAll, type KeptChoices } from './kept.js';
import { networksOf, nextState } from './networks.js';
import { choiceWeights, NOTHING, permittedChoices, type DepthGuard, type Held } from './depth-guard.js';
import type { SearchSpace } from './space.js';

export interface MeasureOptions {
  /** Everything by default. */
  readonly kept?: KeptChoices;
  readonly held?: readonly Held[];
  /** `strict` by default. */
  readonly guard?: DepthGuard;
}

/**
 * Networks as they are drawn choice by choice: each stage's depth uniform on its list, each layer's block, each width, edge and
 * the resolution uniform on theirs, given that the space's constraints hold. `sampleEncoding` is uniform over *networks*
 * instead: it prefers depth, because there are more deep networks than shallow ones.
 */
export interface ChoiceMeasure {
  readonly space: SearchSpace;
  readonly options: MeasureOptions;
  /** One a position: a chain of choices, whose states remember what later choices depend on. The first state is 0. */
  readonly steps: readonly Step[];
}

export interface Step {
  /** How many choices the position has. */
  readonly width: number;
  /** `next[state * width + choice]`: the state that the choice leads to. */
  readonly next: Int32Array;
  /** Of a choice in a state; those of a state sum to 1. */
  readonly probabilities: Float64Array;
}

/** SpaceError SPACE_INVALID_KEPT when no network has the held choices. */
export function choiceMeasure(space: SearchSpace, options: MeasureOptions = {}): ChoiceMeasure {
  const { kept = keepAll(space), held = [], guard = 'strict' } = options;
  const permitted = permittedChoices(space, kept, held, guard);
  const { size, levels } = networksOf(space, permitted);
  if (size === 0n)
    throw new SpaceError('SPACE_INVALID_KEPT', [
      { path: 'held', message: `no network of ${space.name} has all the choices that are held` },
    ]);
  const weights = choiceWeights(space, permitted, held, guard);
  const forward: { width: number; next: Int32Array; weights: Float64Array; states: number }[] = [];
  let states: readonly State[] = [{ network: 0, left: false }];
  levels.forEach((level, at) => {
    const { width, choices } = level;
    const next = new Int32Array(states.length * width).fill(-1);
    const weighed = new Float64Array(states.length * width);
    const found = new Map<number, number>();
    const after: State[] = [];
    states.forEach((state, index) => {
      for (const choice of choices) {
        const { absent, isFirst, unlessLeft } = weights[at] ?? NOTHING;
        const isLeft = choice === absent;
        const weight = state.left && !isFirst ? Number(isLeft) : (unlessLeft[choice] ?? 0);
        const network = nextState(level, state.network, choice);
        if (network < 0 || weight === 0) continue;
        const key = 2 * network + Number(isLeft);
        const target = found.get(key) ?? after.push({ network, left: isLeft }) - 1;
        found.set(key, target);
        next[index * width + choice] = target;
        weighed[index * width + choice] = weight;
      }
    });
    forward.push({ width, next, weights: weighed, states: states.length });
    states = after;
  });
  return { space, options, steps: normalised(forward, states.length) };
}

/** A network drawn from the measure; `random` is asked once a position. */
export function sampleByChoices({ space, steps }: ChoiceMeasure, random: Random): Encoding {
  let state = 0;
  return parseEncoding(
    space,
    steps.map(({ width, next, probabilities }) => {
      const first = state * width;
      let left = random.float();
      let taken = -1;
      for (let choice = 0; choice < width && left >= 0; choice++) {
        const probability = probabilities[first + choice] ?? 0;
        if (probability === 0) continue;
        taken = choice;
        left -= probability;
      }
      state = next[first + taken] ?? 0;
      return taken;
    }),
  );
}

/** Natural logarithm of how likely a network is; −∞ for one that the measure never draws. */
export function logProbability({ steps }: ChoiceMeasure, encoding: Encoding): number {
  let state = 0;
  let sum = 0;
  steps.forEach(({ width, next, probabilities }, at) => {
    const index = state * width + (encoding[at] ?? 0);
    sum += Math.log(probabilities[index] ?? 0);
    state = next[index] ?? 0;
  });
  return sum;
}

/** How likely each choice of each position is; those of a position sum to 1. */
export function choiceProbabilities({ steps }: ChoiceMeasure): readonly Float64Array[] {
  let reached: Float64Array = Float64Array.of(1);
  return steps.map(({ width, next, probabilities }, at) => {
    const of = new Float64Array(width);
    const after = new Float64Array((steps[at + 1]?.next.length ?? 0) / (steps[at + 1]?.width ?? 1));
    probabilities.forEach((probability, index) => {
      const mass = (reached[Math.floor(index / width)] ?? 0) * probability;
      const target = next[index] ?? -1;
      of[index % width] = (of[index % width] ?? 0) + mass;
      if (target >= 0 && target < after.length) after[target] = (after[target] ?? 0) + mass;
    });
    reached = after;
    return of;
  });
}

interface State {
  readonly network: number;
  /** Whether the layer before is left out. */
  readonly left: boolean;
}

/** Weights as probabilities, given that the later choices can be made at all: from the last position backwards. */
function normalised(
  forward: readonly { width: number; next: Int32Array; weights: Float64Array; states: number }[],
  ends: number,
): readonly Step[] {
  let after = new Float64Array(ends).fill(1);
  const steps: Step[] = [];
  for (const { width, next, weights, states } of [...forward].reverse()) {
    const likely = weights.map((weight, index) => weight * (after[next[index] ?? -1] ?? 0));
    const sums = new Float64Array(states);
    likely.forEach(
      (weight, index) => (sums[Math.floor(index / width)] = (sums[Math.floor(index / width)] ?? 0) + weight),
    );
    const probabilities = likely.map((weight, index) =>
      weight === 0 ? 0 : weight / (sums[Math.floor(index / width)] ?? NaN),
    );
    steps.unshift({ width, next, probabilities });
    // Only their ratios matter; without this, thousands of unlikely choices would come to nothing.
    const most = Math.max(...sums);
    after = sums.map((sum) => sum / most);
  }
  return steps;
}
