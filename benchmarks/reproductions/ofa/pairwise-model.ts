import { fitGaussian } from '@espalier/nas/stats';

/** How alike the choices of a position are: choices × choices, row-major, an inner product of features (so positive semidefinite). */
export interface Similarity {
  readonly choices: number;
  readonly values: Float64Array;
}

/** Prior variances of what single choices and pairs of choices contribute, in units of the noise's variance. */
export interface PairwisePrior {
  readonly single: number;
  readonly pair: number;
}

export interface PairwiseModel {
  /** In the targets' unit; a table look-up for each pair of positions, no allocation. */
  readonly predict: (choices: ArrayLike<number>) => number;
  /** Standard deviation of the noise, in the targets' unit. */
  readonly noise: number;
  /** How likely the targets are, as a logarithm: priors are compared by it. */
  readonly logEvidence: number;
}

/**
 * A number for a network as mean + Σ a_i[choice_i] + Σ B_ij[choice_i][choice_j], with normal priors on all of a and B that know which
 * choices are alike: Gaussian regression with the kernel single·S + pair·S², S the mean similarity of two networks'
 * positions. The kernel's weights are multiplied out into the tables a and B, so that a prediction takes under a microsecond
 * however many networks were fitted. Cost n³/6 for n networks.
 */
export function fitPairwise(
  similarities: readonly Similarity[],
  networks: readonly (readonly number[])[],
  targets: ArrayLike<number>,
  prior: PairwisePrior,
): PairwiseModel {
  const centre = Array.from(targets).reduce((sum, each) => sum + each, 0) / networks.length;
  const centred = Float64Array.from(targets, (each) => each - centre);
  const { weights, noise, logEvidence } = fitGaussian(kernel(similarities, networks, prior), centred);
  const { starts, size, table } = expand(similarities, networks, weights, prior);
  const positions = similarities.length;
  const predict = (choices: ArrayLike<number>): number => {
    let sum = centre;
    for (let i = 0; i < positions; i++) {
      const row = ((starts[i] as number) + (choices[i] as number)) * size;
      for (let j = 0; j <= i; j++)
        sum += table[row + (starts[j] as number) + (choices[j] as number)] as number;
    }
    return sum;
  };
  return { predict, noise, logEvidence };
}

function kernel(
  similarities: readonly Similarity[],
  networks: readonly (readonly number[])[],
  { single, pair }: PairwisePrior,
): Float64Array {
  const n = networks.length;
  const values = new Float64Array(n * n);
  networks.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const similar = likeness(similarities, a, networks[j] ?? a);
      const value = single * similar + pair * similar * similar;
      values[i * n + j] = value;
      values[j * n + i] = value;
    }
  });
  return values;
}

/** Mean over positions, at most 1. */
export function likeness(
  similarities: readonly Similarity[],
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  let sum = 0;
  for (let at = 0; at < similarities.length; at++) {
    const { choices, values } = similarities[at] as Similarity;
    sum += values[(a[at] as number) * choices + (b[at] as number)] as number;
  }
  return sum / similarities.length;
}

/** Choices of all positions in one row; `table[p·size + q]`, q's position not after p's: B where they differ, a on the diagonal. */
function expand(
  similarities: readonly Similarity[],
  networks: readonly (readonly number[])[],
  weights: Float64Array,
  { single, pair }: PairwisePrior,
): { starts: Int32Array; size: number; table: Float64Array } {
  const starts = new Int32Array(similarities.length);
  let size = 0;
  similarities.forEach(({ choices }, at) => {
    starts[at] = size;
    size += choices;
  });
  const table = new Float64Array(size * size);
  const features = new Float64Array(size);
  networks.forEach((network, sample) => {
    similarities.forEach(({ choices, values }, at) => {
      const has = (network[at] ?? 0) * choices;
      for (let choice = 0; choice < choices; choice++)
        features[(starts[at] as number) + choice] = (values[has + choice] as number) / similarities.length;
    });
    const weight = weights[sample] as number;
    for (let p = 0; p < size; p++) {
      const left = weight * (features[p] as number);
      if (left === 0) continue;
      const row = p * size;
      for (let q = 0; q < p; q++)
        table[row + q] = (table[row + q] as number) + 2 * pair * left * (features[q] as number);
      table[row + p] = (table[row + p] as number) + left * (single + pair * (features[p] as number));
    }
  });
  return { starts, size, table };
}
