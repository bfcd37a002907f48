import { expect, it } from 'vitest';
import { createRandom } from '@espalier/nas/stats';
import { fitPairwise, likeness, type Similarity } from './pairwise-model.js';

/** Three positions of 3, 4 and 2 choices that have nothing in common. */
const distinct: readonly Similarity[] = [3, 4, 2].map((choices) => ({
  choices,
  values: Float64Array.from({ length: choices * choices }, (_, at) => Number(at % (choices + 1) === 0)),
}));
const all = [0, 1, 2].flatMap((a) => [0, 1, 2, 3].flatMap((b) => [0, 1].map((c) => [a, b, c] as const)));

function planted(pairs: number): (network: readonly number[]) => number {
  const random = createRandom(3);
  const singles = distinct.map(({ choices }) => Array.from({ length: choices }, () => random.normal()));
  const joint = Array.from({ length: 12 }, () => pairs * random.normal());
  return ([a = 0, b = 0, c = 0]) =>
    20 + (singles[0]?.[a] ?? 0) + (singles[1]?.[b] ?? 0) + (singles[2]?.[c] ?? 0) + (joint[4 * a + b] ?? 0);
}

it('is additive without a prior for pairs, and finds what pairs do with one', () => {
  const truth = planted(0.5);
  const fitted = all.filter((_, at) => at % 5 !== 0);
  const unseen = all.filter((_, at) => at % 5 === 0);
  const error = (pair: number): number => {
    const model = fitPairwise(distinct, fitted, fitted.map(truth), { single: 1e4, pair });
    return Math.max(...unseen.map((network) => Math.abs(model.predict(network) - truth(network))));
  };
  expect(error(1e4)).toBeLessThan(0.05);
  expect(error(0)).toBeGreaterThan(0.3);
});

it('predicts unseen networks of an additive function exactly, but for what the prior shrinks', () => {
  const truth = planted(0);
  const few = all.filter((_, at) => at % 5 < 3);
  const model = fitPairwise(distinct, few, few.map(truth), { single: 1e6, pair: 0 });
  for (const network of all) expect(model.predict(network)).toBeCloseTo(truth(network), 3);
});

it('gives by its tables what the kernel gives', () => {
  const random = createRandom(4);
  // Choices that share features, as blocks that share a kernel do.
  const shared = distinct.map(({ choices }): Similarity => ({
    choices,
    values: Float64Array.from({ length: choices * choices }, (_, at) =>
      at % (choices + 1) === 0 ? 1 : Number((Math.floor(at / choices) + (at % choices)) % 2 === 0) / 2,
    ),
  }));
  const targets = all.map(() => random.normal());
  const model = fitPairwise(shared, all, targets, { single: 2, pair: 3 });
  // Of a Gaussian regression, what is left over is the noise's share of the weights: y − f = w.
  const kernel = (a: readonly number[], b: readonly number[]): number => {
    const similar = likeness(shared, a, b);
    return 2 * similar + 3 * similar * similar;
  };
  const mean = targets.reduce((sum, each) => sum + each, 0) / targets.length;
  const weights = all.map((network, at) => (targets[at] ?? NaN) - model.predict(network));
  all.forEach((network, at) => {
    const sum = all.reduce((total, other, i) => total + (weights[i] ?? NaN) * kernel(network, other), mean);
    expect(model.predict(network)).toBeCloseTo(sum, 9);
    expect(Math.abs(weights[at] ?? NaN)).toBeGreaterThan(0);
  });
});

it('finds the prior that made the data more likely', () => {
  const evidence = (truth: (network: readonly number[]) => number, pair: number): number =>
    fitPairwise(distinct, all, all.map(truth), { single: 100, pair }).logEvidence;
  expect(evidence(planted(1), 100)).toBeGreaterThan(evidence(planted(1), 0));
  expect(evidence(planted(0), 0)).toBeGreaterThan(evidence(planted(0), 100));
});
