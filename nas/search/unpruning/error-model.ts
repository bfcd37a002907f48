import { attributesOf } from '../../prune/attributes.js';
import type { PerChoice } from '../../prune/index.js';
import { positionsOf, type SearchSpace } from '../../space/index.js';
import { fitGaussian, mean } from '../../stats/index.js';

/** What is expected of a network's error, percent: its mean and how far off it may be. */
export interface ErrorModel {
  mean(choices: ArrayLike<number>): number;
  deviation(choices: ArrayLike<number>): number;
  /** Standard deviation of what each network has of its own. */
  readonly noise: number;
  /** What each choice of each layer does to the average network, percentage points. */
  effects(): PerChoice;
}

/** A network and its error, percent. */
export interface ErrorObservation {
  readonly encoding: readonly number[];
  readonly error: number;
}

/** Prior variances in units of that of what each network has of its own. */
export interface ErrorPrior {
  /** Of what layers do one by one. */
  readonly single: number;
  /** Of what they do two by two. */
  readonly pair: number;
  /** The share of a choice in which no other of its layer is like it, whatever attributes they share. */
  readonly own: number;
}

/**
 * Errors as a normal process over networks (kriging): sums of what single layers and pairs of layers do, alike where blocks share
 * attributes, and of what each network has of its own. Costs n³/6 for n networks; without any, 0 is expected everywhere.
 */
export function fitErrorModel(
  space: SearchSpace,
  seen: readonly ErrorObservation[],
  prior: ErrorPrior,
): ErrorModel {
  const centre = seen.length === 0 ? 0 : mean(seen.map(({ error }) => error));
  const networks = seen.map(({ encoding }) => Uint16Array.from(encoding));
  const layers = likenessesOf(space, prior.own);
  const kernel = kernelOf(layers, prior);
  const fit = fitGaussian(
    matrixOf(kernel, networks),
    Float64Array.from(seen, ({ error }) => error - centre),
  );
  const { starts, size, table } = expanded(layers, networks, fit.weights, prior);
  const between = new Float64Array(networks.length);
  return {
    noise: fit.noise,
    mean: (choices) => {
      let sum = centre;
      for (let i = 0; i < starts.length; i++) {
        const row = ((starts[i] as number) + (choices[i] as number)) * size;
        for (let j = 0; j <= i; j++)
          sum += table[row + (starts[j] as number) + (choices[j] as number)] as number;
      }
      return sum;
    },
    deviation: (choices) => {
      for (let i = 0; i < networks.length; i++) between[i] = kernel(choices, networks[i] as Uint16Array);
      const left = kernel(choices, choices) - fit.explained(between);
      return fit.noise * Math.sqrt(1 + Math.max(0, left));
    },
    effects: () =>
      layers.map(({ width }, layer) =>
        Array.from({ length: width }, (_, choice) => {
          const p = (starts[layer] as number) + choice;
          let sum = table[p * size + p] as number;
          layers.forEach((other, at) => {
            if (at === layer) return;
            let pairs = 0;
            for (let each = 0; each < other.width; each++) {
              const q = (starts[at] as number) + each;
              pairs += table[Math.max(p, q) * size + Math.min(p, q)] as number;
            }
            sum += pairs / other.width;
          });
          return sum;
        }),
      ),
  };
}

/**
 * The prior under which the errors are most likely, of a few values: one number after the other takes its best, twice over.
 * More than 100 of the networks say little more of three numbers.
 */
export function likeliestPrior(space: SearchSpace, seen: readonly ErrorObservation[]): ErrorPrior {
  const every = Math.max(1, Math.ceil(seen.length / 100));
  const some = seen.filter((_, i) => i % every === 0);
  let best: ErrorPrior = { single: 8, pair: 2, own: 0.4 };
  if (some.length < 8) return best;
  const centre = mean(some.map(({ error }) => error));
  const targets = Float64Array.from(some, ({ error }) => error - centre);
  const networks = some.map(({ encoding }) => Uint16Array.from(encoding));
  const evidenceOf = (prior: ErrorPrior): number =>
    fitGaussian(matrixOf(kernelOf(likenessesOf(space, prior.own), prior), networks), targets).logEvidence;
  let evidence = evidenceOf(best);
  for (let round = 0; round < 2; round++)
    for (const part of ['single', 'own', 'pair'] as const)
      for (const value of VALUES[part]) {
        if (value === best[part]) continue;
        const tried = { ...best, [part]: value };
        const found = evidenceOf(tried);
        if (!(found > evidence)) continue;
        evidence = found;
        best = tried;
      }
  return best;
}

const VALUES: { readonly [part in keyof ErrorPrior]: readonly number[] } = {
  single: [2, 8, 32, 128, 512],
  pair: [0, 0.5, 2, 8, 32, 128],
  own: [0.1, 0.2, 0.4, 0.7],
};

type Kernel = (a: ArrayLike<number>, b: ArrayLike<number>) => number;

/** single·S + pair·S², S the mean of how alike the layers' choices are. */
function kernelOf(layers: readonly Likeness[], { single, pair }: ErrorPrior): Kernel {
  const count = layers.length;
  const widths = Uint16Array.from(layers, ({ width }) => width);
  const tables = layers.map(({ alike }) => alike);
  return (a, b) => {
    let sum = 0;
    for (let layer = 0; layer < count; layer++) {
      const table = tables[layer] as Float64Array;
      sum += table[(a[layer] as number) * (widths[layer] as number) + (b[layer] as number)] as number;
    }
    const share = sum / count;
    return single * share + pair * share * share;
  };
}

function matrixOf(kernel: Kernel, networks: readonly Uint16Array[]): Float64Array {
  const n = networks.length;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const value = kernel(networks[i] as Uint16Array, networks[j] as Uint16Array);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  return matrix;
}

/**
 * The mean multiplied out, so that a prediction takes a look-up for each pair of layers however many networks were seen: all
 * layers' choices in one row, `table[p·size + q]` for q ≤ p, what a pair of choices adds, on the diagonal a single one.
 */
function expanded(
  layers: readonly Likeness[],
  networks: readonly Uint16Array[],
  weights: Float64Array,
  { single, pair }: ErrorPrior,
): { readonly starts: Int32Array; readonly size: number; readonly table: Float64Array } {
  const count = layers.length;
  const starts = new Int32Array(count);
  let size = 0;
  layers.forEach(({ width }, layer) => {
    starts[layer] = size;
    size += width;
  });
  const table = new Float64Array(size * size);
  const shares = new Float64Array(size);
  networks.forEach((network, n) => {
    layers.forEach(({ width, alike }, layer) => {
      const row = (network[layer] as number) * width;
      for (let choice = 0; choice < width; choice++)
        shares[(starts[layer] as number) + choice] = (alike[row + choice] as number) / count;
    });
    const weight = weights[n] as number;
    for (let p = 0; p < size; p++) {
      const left = weight * (shares[p] as number);
      if (left === 0) continue;
      const row = p * size;
      const twice = 2 * pair * left;
      for (let q = 0; q < p; q++) table[row + q] = (table[row + q] as number) + twice * (shares[q] as number);
      table[row + p] = (table[row + p] as number) + left * (single + pair * (shares[p] as number));
    }
  });
  return { starts, size, table };
}

/** How alike two choices of a layer are, in [0, 1]; row-major. */
interface Likeness {
  readonly width: number;
  readonly alike: Float64Array;
}

function likenessesOf(space: SearchSpace, own: number): readonly Likeness[] {
  return sharesOf(space).map(({ width, alike }) => ({
    width,
    alike: alike.map((value, at) => (at % (width + 1) === 0 ? 1 : (1 - own) * value)),
  }));
}

const known = new WeakMap<SearchSpace, readonly Likeness[]>();

/** The share of the attributes that vary in the layer which two choices have in common. */
function sharesOf(space: SearchSpace): readonly Likeness[] {
  const before = known.get(space);
  if (before !== undefined) return before;
  const shares = positionsOf(space).map(({ choices }): Likeness => {
    const width = choices.length;
    const attributes = choices.map(({ block }) => [block.kind, ...attributesOf(block)]);
    const names = Array.from({ length: Math.max(...attributes.map((values) => values.length)) }, (_, i) => i);
    const varying = names.filter((i) => new Set(attributes.map((values) => values[i])).size > 1);
    const alike = Float64Array.from({ length: width * width }, (_, at) => {
      const [a = [], b = []] = [attributes[Math.floor(at / width)], attributes[at % width]];
      if (varying.length === 0 || a[0] !== b[0]) return Number(varying.length === 0);
      return varying.filter((i) => a[i] === b[i]).length / varying.length;
    });
    return { width, alike };
  });
  known.set(space, shares);
  return shares;
}
