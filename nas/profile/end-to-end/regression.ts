import { builtSitesOf } from '../../graph/index.js';
import { absentChoice, positionsOf, type Position, type SearchSpace } from '../../space/index.js';
import { fitGaussian, fitLinear, kernelOf, mean, type LinearFit } from '../../stats/index.js';
import type { LatencyTable } from '../latency-table.js';
import type { PerChoiceMs } from '../methods/method.js';
import type { MeasuredNetwork } from '../quality.js';
import { choiceCosts, COSTS } from './choice-costs.js';

/** How much of each choice: 0 and 1 for a network, chances for an average over networks, differences for an effect. */
export type ChoiceShares = readonly ArrayLike<number>[];

/** Additive effects of all choices, from whole networks. */
export interface AdditiveFit {
  readonly table: LatencyTable;
  readonly intervalMs: { readonly low: PerChoiceMs; readonly high: PerChoiceMs };
  /** Relative standard deviation of what the effects leave unexplained. */
  readonly noiseRatio: number;
  /** As the evidence has them. */
  readonly strengths: Strengths;
  /** Posterior standard deviations of combinations of choices. */
  deviationsMs(combinations: readonly ChoiceShares[]): readonly number[];
  /** What interactions are judged beside: see interactions.ts. */
  readonly design: Design;
}

export interface Design {
  readonly meanMs: number;
  /** By column, in units of the noise. */
  readonly priorDeviations: Float64Array;
  row(network: MeasuredNetwork): Float64Array;
}

/** Prior deviations, in units of the noise: of how far a kind of block is off its price, and of choices' own effects. */
export interface Strengths {
  readonly shared: number;
  readonly own: number;
}

const STRENGTHS: readonly Strengths[] = [0, 5, 30, 200].flatMap((shared) =>
  [0.3, 1, 3, 10, 30, 100, 300, 3000].map((own) => ({ shared, own })),
);

/** Prior deviation of what may be anything. */
const FREE = 1e4;

const NORMAL_95 = 1.96;

/**
 * Ridge regression of relative errors: what every network pays, a price each for multiply-accumulates, elements moved and
 * operators (as far as positive), how far each kind of block is off its price wherever it stands, and an effect of each choice
 * beside these, the last two drawn towards 0 as strongly as the evidence says. The prices settle what whole networks cannot tell:
 * which layer a cost belongs to that all choices of the layer have.
 */
export function fitAdditive(
  space: SearchSpace,
  networks: readonly MeasuredNetwork[],
  strengths: readonly Strengths[] = STRENGTHS,
): AdditiveFit {
  const meanMs = mean(networks.map(({ measuredMs }) => measuredMs));
  const ones = networks.map(() => 1);
  const { free, prices } = pricesOf(networks.map(rowsOf(space, meanMs, [])), ones);
  const rowOf = rowsOf(space, meanMs, prices);
  const rows = networks.map(rowOf);
  const priors = priorsOf(space, free, prices);
  const kernels = [priors(1, 0, 0), priors(0, 1, 0), priors(0, 0, 1)].map((each) =>
    kernelOf(rows.map((row) => row.map((value, column) => value * (each[column] ?? 0)))),
  );
  const [first, second, third] = kernels;
  const likelihood = ({ shared, own }: Strengths): number =>
    fitGaussian(
      (first ?? new Float64Array()).map(
        (each, at) => each + shared ** 2 * (second?.[at] ?? 0) + own ** 2 * (third?.[at] ?? 0),
      ),
      ones,
    ).logEvidence;
  const [best] =
    strengths.length === 1
      ? strengths
      : strengths
          .map((each) => ({ each, evidence: likelihood(each) }))
          .sort((x, y) => y.evidence - x.evidence)
          .map(({ each }) => each);
  if (best === undefined) throw new RangeError('no strength to try');
  const priorDeviations = priors(1, best.shared, best.own);
  const fit = fitLinear(rows, ones, priorDeviations);
  const weightsOf = (shares: ChoiceShares): Float64Array => columnsOf(space, prices, shares, 0);
  const { table, intervalMs } = tableOf(space, fit, meanMs, weightsOf);
  return {
    table,
    intervalMs,
    noiseRatio: fit.noise,
    strengths: best,
    deviationsMs: (combinations) => combinations.map((shares) => meanMs * fit.deviation(weightsOf(shares))),
    design: { meanMs, priorDeviations, row: rowOf },
  };
}

/** A network's columns, divided by its time: errors are relative. */
function rowsOf(space: SearchSpace, meanMs: number, prices: readonly number[]): Design['row'] {
  const sizes = positionsOf(space).map(({ choices }) => choices.length);
  return ({ encoding, measuredMs }) => {
    const shares = sizes.map((size, at) => {
      const here = new Float64Array(size);
      here[encoding[at] ?? 0] = 1;
      return here;
    });
    return columnsOf(space, prices, shares, 1).map((value) => (value * meanMs) / measuredMs);
  };
}

/** 1, the costs, each kind of block by its price, each choice of each position. `fixed` is 0 for differences of networks. */
function columnsOf(
  space: SearchSpace,
  prices: readonly number[],
  shares: ChoiceShares,
  fixed: 0 | 1,
): Float64Array {
  const costs = choiceCosts(space);
  const { kindOf, count } = blockKindsOf(space);
  const firstKind = 1 + COSTS.length;
  const columns = new Float64Array(firstKind + count + kindOf.flat().length);
  const add = (column: number, value: number): void => {
    columns[column] = (columns[column] ?? 0) + value;
  };
  columns[0] = fixed;
  let column = firstKind + count;
  costs.forEach((choices, at) => {
    choices.forEach((each, choice) => {
      const share = shares[at]?.[choice] ?? 0;
      if (share !== 0) {
        each.forEach((value, cost) => {
          add(1 + cost, share * value);
        });
        const kind = kindOf[at]?.[choice] ?? -1;
        if (kind >= 0) add(firstKind + kind, share * priceOf(each, prices));
        add(column, share);
      }
      column++;
    });
  });
  return columns;
}

function priceOf(costs: readonly number[], prices: readonly number[]): number {
  return costs.reduce((sum, value, cost) => sum + value * (prices[cost] ?? 0), 0);
}

interface BlockKinds {
  /** By position and choice; −1 for a block that stands nowhere else. */
  readonly kindOf: readonly (readonly number[])[];
  readonly count: number;
}

const kindsBySpace = new WeakMap<SearchSpace, BlockKinds>();

/** Equal blocks at several places. */
function blockKindsOf(space: SearchSpace): BlockKinds {
  const known = kindsBySpace.get(space);
  if (known !== undefined) return known;
  const keys = positionsOf(space).map(({ kind, choices }) =>
    choices.map(({ block }) =>
      kind === 'width' || kind === 'resolution' || block.kind === 'absent' ? '' : JSON.stringify(block),
    ),
  );
  const all = keys.flat().filter((key) => key !== '');
  const repeated = [...new Set(all.filter((key, at) => all.indexOf(key) !== at))];
  const found = {
    kindOf: keys.map((choices) => choices.map((key) => repeated.indexOf(key))),
    count: repeated.length,
  };
  kindsBySpace.set(space, found);
  return found;
}

/** Prior deviations of the columns for a strength of what is free, of kinds of blocks and of choices. */
function priorsOf(
  space: SearchSpace,
  free: readonly number[],
  prices: readonly number[],
): (fixed: number, shared: number, own: number) => Float64Array {
  const { count } = blockKindsOf(space);
  const effects = effectPriors(space, scalesOf(space, prices));
  return (fixed, shared, own) =>
    Float64Array.from([
      ...free.map((each) => each * fixed),
      ...new Array<number>(count).fill(shared),
      ...effects.map((each) => each * own),
    ]);
}

/** Prices by least squares without effects; the most negative one is left out until there is none. */
function pricesOf(
  rows: readonly Float64Array[],
  ones: readonly number[],
): { readonly free: readonly number[]; readonly prices: readonly number[] } {
  const free = [FREE, ...COSTS.map(() => FREE)];
  for (;;) {
    const { coefficients } = fitLinear(
      rows.map((row) => row.slice(0, free.length)),
      ones,
      free,
    );
    const least = Math.min(...coefficients);
    if (least >= 0) return { free, prices: [...coefficients.slice(1)] };
    free[coefficients.indexOf(least)] = 0;
  }
}

/** How large effects of a position may be beside those of others: its blocks' size by the prices, and a little. */
function scalesOf(space: SearchSpace, prices: readonly number[]): readonly number[] {
  const costs = choiceCosts(space);
  return costs.map((choices) => {
    const sizes = choices.map((each) => priceOf(each, prices));
    return Math.sqrt(mean(sizes.map((size) => size * size))) + 0.1 / costs.length;
  });
}

/** None for leaving a layer out, which costs nothing by definition. */
function effectPriors(space: SearchSpace, scales: readonly number[]): readonly number[] {
  return positionsOf(space).flatMap((position) =>
    position.choices.map((_, choice) =>
      choice === absentChoice(position) ? 0 : (scales[position.index] ?? 0),
    ),
  );
}

function tableOf(
  space: SearchSpace,
  fit: LinearFit,
  meanMs: number,
  weightsOf: (shares: ChoiceShares) => Float64Array,
): Pick<AdditiveFit, 'table' | 'intervalMs'> {
  const positions = positionsOf(space);
  const single = (at: number, choice: number): Float64Array =>
    weightsOf(
      positions.map(({ index, choices }) =>
        choices.map((_, each) => Number(index === at && each === choice)),
      ),
    );
  let fixedMs = meanMs * (fit.coefficients[0] ?? 0);
  const found = positions.map((position) => {
    const entries = position.choices.map((_, choice) => {
      const weights = single(position.index, choice);
      const ratio = weights.reduce(
        (sum, weight, column) => sum + weight * (fit.coefficients[column] ?? 0),
        0,
      );
      return { ms: meanMs * ratio, halfMs: NORMAL_95 * meanMs * fit.deviation(weights) };
    });
    const idle = idleChoices(space, position);
    const shift = shiftOf(
      entries.map(({ ms }) => ms),
      idle,
    );
    fixedMs += shift;
    return entries.map(({ ms, halfMs }, choice) => {
      const least = idle.includes(choice) ? 0 : LEAST_MS;
      const settled = Math.max(least, ms - shift);
      return { ms: settled, lowMs: Math.max(least, settled - halfMs), highMs: settled + halfMs };
    });
  });
  const each = (part: 'ms' | 'lowMs' | 'highMs'): PerChoiceMs =>
    found.map((entries) => entries.map((entry) => entry[part]));
  return {
    table: { layers: each('ms'), fixedMs },
    intervalMs: { low: each('lowMs'), high: each('highMs') },
  };
}

/** What a block costs at least: scores divide by it. */
const LEAST_MS = 0.001;

/** Those that build nothing. */
function idleChoices(space: SearchSpace, { kind, index, choices }: Position): readonly number[] {
  const isSetting = kind === 'width' || kind === 'resolution';
  return choices.flatMap((_, choice) =>
    isSetting || builtSitesOf(space, index, choice).length === 0 ? [choice] : [],
  );
}

/**
 * What moves from a position's entries to what every network pays, so that the least of the choices that build nothing (of a width
 * or a resolution, the least of all) adds nothing, and no block less than nothing.
 */
function shiftOf(entries: readonly number[], idle: readonly number[]): number {
  if (idle.length > 0) return Math.min(...idle.map((choice) => entries[choice] ?? 0));
  return Math.min(0, ...entries);
}
