import { builtSitesOf } from '../../graph/index.js';
import { absentChoice, positionsOf, type Position, type SearchSpace } from '../../space/index.js';
import { fitLinear, mean, type LinearFit } from '../../stats/index.js';
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
  /** Prior deviation of the effects in units of the noise, as the evidence has it. */
  readonly strength: number;
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

/** Prior deviations of the effects that are tried, in units of the noise. */
const STRENGTHS = [0.3, 1, 3, 10, 30, 100, 300, 1000, 3000];

/** Prior deviation of what may be anything. */
const FREE = 1e4;

const NORMAL_95 = 1.96;

/**
 * Ridge regression of relative errors: what every network pays, a price each for multiply-accumulates, elements moved and
 * operators (as far as positive), and an effect of each choice beside these prices, drawn towards 0 as strongly as the evidence
 * says. The prices settle what whole networks cannot tell: which layer a cost belongs to that all choices of the layer have.
 */
export function fitAdditive(
  space: SearchSpace,
  networks: readonly MeasuredNetwork[],
  strengths: readonly number[] = STRENGTHS,
): AdditiveFit {
  const meanMs = mean(networks.map(({ measuredMs }) => measuredMs));
  const rowOf = rowsOf(space, meanMs);
  const rows = networks.map(rowOf);
  const ones = rows.map(() => 1);
  const { free, prices } = pricesOf(rows, ones);
  const scales = scalesOf(space, prices);
  const priors = (strength: number): Float64Array =>
    Float64Array.from([...free, ...effectPriors(space, scales).map((each) => each * strength)]);
  const [best] = strengths
    .map((strength) => ({ strength, fit: fitLinear(rows, ones, priors(strength)) }))
    .sort((a, b) => b.fit.logEvidence - a.fit.logEvidence);
  if (best === undefined) throw new RangeError('no strength to try');
  const { fit, strength } = best;
  const { table, intervalMs } = tableOf(space, fit, meanMs);
  return {
    table,
    intervalMs,
    noiseRatio: fit.noise,
    strength,
    deviationsMs: (combinations) =>
      combinations.map((shares) => meanMs * fit.deviation(weightsOf(space, shares))),
    design: { meanMs, priorDeviations: priors(strength), row: rowOf },
  };
}

/** Columns: 1, the costs, each choice of each position. A network's row is divided by its time: errors are relative. */
function rowsOf(space: SearchSpace, meanMs: number): Design['row'] {
  const costs = choiceCosts(space);
  const sizes = positionsOf(space).map(({ choices }) => choices.length);
  const columns = 1 + COSTS.length + sizes.reduce((sum, each) => sum + each, 0);
  return ({ encoding, measuredMs }) => {
    const row = new Float64Array(columns);
    row[0] = 1;
    let start = 1 + COSTS.length;
    encoding.forEach((choice, at) => {
      for (const [cost, value] of (costs[at]?.[choice] ?? []).entries())
        row[1 + cost] = (row[1 + cost] ?? 0) + value;
      row[start + choice] = 1;
      start += sizes[at] ?? 0;
    });
    return row.map((value) => (value * meanMs) / measuredMs);
  };
}

/** The columns of a combination, as it stands; what every network pays cancels out in it. */
function weightsOf(space: SearchSpace, shares: ChoiceShares): Float64Array {
  const costs = choiceCosts(space);
  const summed = COSTS.map((_, cost) =>
    costs.reduce(
      (sum, choices, at) =>
        choices.reduce((inner, each, choice) => inner + (each[cost] ?? 0) * (shares[at]?.[choice] ?? 0), sum),
      0,
    ),
  );
  return Float64Array.from([
    0,
    ...summed,
    ...costs.flatMap((choices, at) => choices.map((_, choice) => shares[at]?.[choice] ?? 0)),
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
    const sizes = choices.map((each) =>
      each.reduce((sum, value, cost) => sum + value * (prices[cost] ?? 0), 0),
    );
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
): Pick<AdditiveFit, 'table' | 'intervalMs'> {
  const positions = positionsOf(space);
  const single = (at: number, choice: number): Float64Array =>
    weightsOf(
      space,
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
