import { positionsOf, type SearchSpace } from '../space/index.js';
import { semidefiniteFactor, type Random } from '../stats/index.js';
import { meanError, type ErrorSample } from './placement-effects.js';
import type { PerChoice } from './rule.js';
import { layerModels } from './shrunken-effects.js';
import { fitMixedModel, type MixedModelFit } from './variance-components.js';

/** What effects may be, given the networks evaluated so far; points of error, centred in each layer. */
export interface EffectPosterior {
  /** As `shrunkenEffects` estimates them. */
  readonly effect: PerChoice;
  /** Standard deviation of what effects do not explain of a network's error, points. */
  readonly noise: number;
  /** Effects as they may really be, drawn jointly. */
  draw(random: Random): PerChoice;
  /**
   * What an estimate from `factor` ≥ 1 times as many networks may come to, and what the truth may then be: both drawn before
   * any of those networks is evaluated (preposterior analysis, Raiffa and Schlaifer 1961).
   */
  drawAfter(factor: number, random: Random): { readonly estimate: PerChoice; readonly truth: PerChoice };
}

/** The model of `shrunkenEffects` with its uncertainty; errors as there. */
export function effectPosterior(space: SearchSpace, samples: readonly ErrorSample[]): EffectPosterior {
  const centre = meanError(samples);
  const fit = fitMixedModel(
    layerModels(space),
    samples.map(({ encoding }) => encoding),
    Float64Array.from(samples, ({ error }) => error - centre),
  );
  const counts = positionsOf(space).map(({ choices }) => choices.length);
  if (fit === null) {
    const none = counts.map((count) => new Array<number>(count).fill(0));
    return { effect: none, noise: 0, draw: () => none, drawAfter: () => ({ estimate: none, truth: none }) };
  }
  const factors = new Map<number, { readonly before: Float64Array; readonly after: Float64Array }>();
  const factorsAt = (factor: number): { readonly before: Float64Array; readonly after: Float64Array } => {
    const known = factors.get(factor) ?? splitCovariance(fit, factor);
    factors.set(factor, known);
    return known;
  };
  const drawAfter: EffectPosterior['drawAfter'] = (factor, random) => {
    const { before, after } = factorsAt(factor);
    const estimate = factor === 1 ? fit.effects : perturbed(fit.effects, before, random);
    return {
      estimate: centred(estimate, counts),
      truth: centred(perturbed(estimate, after, random), counts),
    };
  };
  return {
    effect: centred(fit.effects, counts),
    noise: Math.sqrt(fit.noise),
    draw: (random) => drawAfter(1, random).truth,
    drawAfter,
  };
}

/** Factors of what more networks will resolve and of what they will leave open. */
function splitCovariance(
  fit: MixedModelFit,
  factor: number,
): { readonly before: Float64Array; readonly after: Float64Array } {
  const open = fit.covarianceAfter(factor);
  const now = fit.covarianceAfter(1);
  const resolved = now.map((value, at) => value - (open[at] as number));
  return { before: semidefiniteFactor(resolved, fit.size), after: semidefiniteFactor(open, fit.size) };
}

function perturbed(mean: Float64Array, factor: Float64Array, random: Random): Float64Array {
  const n = mean.length;
  const normal = Float64Array.from({ length: n }, () => random.normal());
  return mean.map((value, i) => {
    let sum = value;
    for (let j = 0; j <= i; j++) sum += (factor[i * n + j] as number) * (normal[j] as number);
    return sum;
  });
}

function centred(effects: Float64Array, counts: readonly number[]): PerChoice {
  let start = 0;
  return counts.map((count) => {
    const own = Array.from(effects.subarray(start, start + count));
    start += count;
    const centre = own.reduce((sum, value) => sum + value, 0) / count;
    return own.map((value) => value - centre);
  });
}
