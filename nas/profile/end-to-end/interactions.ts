import { positionsOf, type Position, type SearchSpace } from '../../space/index.js';
import { fitGaussian, kernelOf, mean, standardDeviation } from '../../stats/index.js';
import type { LatencyTable } from '../latency-table.js';
import type { PerChoiceMs } from '../methods/method.js';
import type { MeasuredNetwork } from '../quality.js';
import type { AdditiveFit } from './regression.js';

/** What pairs of choices would explain that single choices do not, on networks that were not fitted. */
export interface InteractionCheck {
  /** Root mean square of the relative error of additive effects. */
  readonly additiveError: number;
  /** Share of the networks' variance that additive effects explain, at most 1. */
  readonly additiveShare: number;
  readonly groups: readonly InteractionGroup[];
}

export interface InteractionGroup {
  readonly name: string;
  /** Pairs of positions. */
  readonly pairs: number;
  /** Share of the additive effects' squared error that goes away with the pairs' effects; below 0 where they make it worse. */
  readonly explainedShare: number;
}

const FEWEST = 5;

/** Prior deviations of the pairs' effects that are tried, in units of the noise. */
const STRENGTHS = [0, 0.3, 1, 3, 10, 30, 100, 300];

/** Null below five held-out networks. Groups without a pair in the space are left out. */
export function checkInteractions(
  space: SearchSpace,
  additive: AdditiveFit,
  fit: readonly MeasuredNetwork[],
  heldOut: readonly MeasuredNetwork[],
): InteractionCheck | null {
  if (heldOut.length < FEWEST) return null;
  const { design } = additive;
  const scaled = [...fit, ...heldOut].map((network) =>
    design.row(network).map((value, column) => value * (design.priorDeviations[column] ?? 0)),
  );
  const whole = kernelOf(scaled);
  const errorsOf = (kernel: Float64Array): readonly number[] => errors(kernel, fit.length, heldOut.length);
  const plain = meanSquare(errorsOf(whole));
  const measured = heldOut.map(({ measuredMs }) => measuredMs);
  const absolute = meanSquare(errorsOf(whole).map((error, i) => error * (measured[i] ?? NaN)));
  return {
    additiveError: Math.sqrt(plain),
    additiveShare: 1 - absolute / standardDeviation(measured) ** 2,
    groups: groupsOf(space).map(({ name, pairs }) => {
      const extra = pairKernel(additive, pairs, [...fit, ...heldOut]);
      const best = likeliest(whole, extra, fit.length);
      return {
        name,
        pairs: pairs.length,
        explainedShare: plain > 0 ? 1 - meanSquare(errorsOf(best)) / plain : 0,
      };
    }),
  };
}

type Pair = readonly [Position, Position];

function groupsOf(space: SearchSpace): readonly { readonly name: string; readonly pairs: readonly Pair[] }[] {
  const positions = positionsOf(space);
  const pairs = positions.flatMap((a) =>
    positions.filter(({ index }) => index > a.index).map((b): Pair => [a, b]),
  );
  const kinds = ([a, b]: Pair): string => [a.kind, b.kind].sort().join(' ');
  const isBlock = ({ kind }: Position): boolean => kind === 'layer' || kind === 'edge';
  const named: readonly [string, (pair: Pair) => boolean][] = [
    ['resolution × block', ([a, b]) => b.kind === 'resolution' && isBlock(a)],
    ['resolution × width', (pair) => kinds(pair) === 'resolution width'],
    [
      'width × block of its stage',
      (pair) => kinds(pair) === 'layer width' && pair[0].stage === pair[1].stage,
    ],
    ['width × block elsewhere', (pair) => kinds(pair) === 'layer width' && pair[0].stage !== pair[1].stage],
    ['width × width', (pair) => kinds(pair) === 'width width'],
    ['blocks of one stage', ([a, b]) => isBlock(a) && isBlock(b) && a.stage === b.stage],
    ['blocks of different stages', ([a, b]) => isBlock(a) && isBlock(b) && a.stage !== b.stage],
    ['all pairs', () => true],
  ];
  return named
    .map(([name, belongs]) => ({ name, pairs: pairs.filter(belongs) }))
    .filter((group) => group.pairs.length > 0);
}

/**
 * Effects of pairs beyond those of their choices, in relative errors like the rows: for each pair products of centred indicators,
 * as large as the product of its positions' effects; and for all together the sum of the products of effects (Tukey 1949: one
 * degree of freedom), which is what it comes to where effects multiply.
 */
function pairKernel(
  { table, design: { meanMs } }: AdditiveFit,
  pairs: readonly Pair[],
  networks: readonly MeasuredNetwork[],
): Float64Array {
  const n = networks.length;
  const effects = centred(table, networks).map((layer) => layer.map((ms) => ms / meanMs));
  const spreads = effects.map((layer, at) =>
    Math.sqrt(mean(networks.map(({ encoding }) => (layer[encoding[at] ?? 0] ?? 0) ** 2))),
  );
  const prepared = pairs.map(([a, b]) => ({
    a: a.index,
    b: b.index,
    variance: ((spreads[a.index] ?? 0) * (spreads[b.index] ?? 0)) ** 2,
    otherA: 1 / a.choices.length,
    otherB: 1 / b.choices.length,
  }));
  const effect = (encoding: readonly number[], at: number): number => effects[at]?.[encoding[at] ?? 0] ?? 0;
  const products = networks.map(({ encoding }) =>
    prepared.reduce((sum, { a, b }) => sum + effect(encoding, a) * effect(encoding, b), 0),
  );
  const kernel = new Float64Array(n * n);
  networks.forEach((first, i) => {
    for (let j = 0; j <= i; j++) {
      const second = networks[j] ?? first;
      let sum = (products[i] ?? 0) * (products[j] ?? 0);
      for (const { a, b, variance, otherA, otherB } of prepared)
        sum +=
          variance *
          (Number(first.encoding[a] === second.encoding[a]) - otherA) *
          (Number(first.encoding[b] === second.encoding[b]) - otherB);
      const value = (sum * meanMs * meanMs) / (first.measuredMs * second.measuredMs);
      kernel[i * n + j] = value;
      kernel[j * n + i] = value;
    }
  });
  return kernel;
}

/** Entries less their position's mean over the networks. */
function centred({ layers }: LatencyTable, networks: readonly MeasuredNetwork[]): PerChoiceMs {
  return layers.map((layer, at) => {
    const middle = mean(networks.map(({ encoding }) => layer[encoding[at] ?? 0] ?? 0));
    return layer.map((ms) => ms - middle);
  });
}

/** Both kernels together, with the strength of the second that makes the fitted networks likeliest. */
function likeliest(whole: Float64Array, extra: Float64Array, fitted: number): Float64Array {
  const [best] = STRENGTHS.map((strength) => {
    const kernel = whole.map((each, at) => each + strength ** 2 * (extra[at] ?? 0));
    const { logEvidence } = fitGaussian(corner(kernel, fitted), ones(fitted));
    return { kernel, logEvidence };
  }).sort((a, b) => b.logEvidence - a.logEvidence);
  return best?.kernel ?? whole;
}

/** Relative errors on the networks after the first `fitted`. */
function errors(kernel: Float64Array, fitted: number, heldOut: number): readonly number[] {
  const n = fitted + heldOut;
  const { weights } = fitGaussian(corner(kernel, fitted), ones(fitted));
  return Array.from({ length: heldOut }, (_, i) =>
    weights.reduce((sum, weight, j) => sum + weight * (kernel[(fitted + i) * n + j] ?? 0), -1),
  );
}

/** Rows and columns of the first `count`. */
function corner(kernel: Float64Array, count: number): Float64Array {
  const n = Math.sqrt(kernel.length);
  return Float64Array.from(
    { length: count * count },
    (_, at) => kernel[Math.floor(at / count) * n + (at % count)] ?? 0,
  );
}

const ones = (count: number): Float64Array => new Float64Array(count).fill(1);

const meanSquare = (values: readonly number[]): number => mean(values.map((each) => each * each));
