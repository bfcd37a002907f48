import { fitGaussian, kernelOf, mean, type GaussianFit } from '../stats/index.js';
import { positionsOf, type SearchSpace } from '../space/index.js';
import { predictLatency, type LatencyTable } from './latency-table.js';
import type { MeasuredNetwork } from './quality.js';

/**
 * The table fitted to whole networks, in which blocks take another time than by themselves. An entry t becomes
 * t · (1 + global + stage + own), all in relative errors: the global scale and what every network pays are free, the scale of
 * each stage (layer-adaptive, as Zeng et al. 2020 correct) and the own one of each entry are drawn towards 0, as strongly as the
 * networks' evidence says; with few networks or much noise it is one scale and one offset. The table itself below three networks, or when all this makes no sense.
 */
export function corrected(
  space: SearchSpace,
  table: LatencyTable,
  networks: readonly MeasuredNetwork[],
): LatencyTable {
  const used = networks.slice(0, MOST_NETWORKS).filter(({ encoding }) => blocksMs(table, encoding) > 0);
  if (used.length < 3) return table;
  for (const withOffset of [true, false]) {
    const found = scaled(space, table, used, withOffset);
    if (found !== null) return found;
  }
  return table;
}

/** A fit's time grows with their cube, and a few hundred say all that a table can hold. */
const MOST_NETWORKS = 400;

/** Prior deviation of what may be anything, in units of the noise. */
const FREE = 1e4;

/** Prior deviations of the scales, in units of the noise. */
const STRENGTHS = [0, 0.5, 1, 2, 4, 8, 16, 32, 64];

/** Networks that scales of stages and entries need at least. */
const FEW = 12;

/** Null when a latency would not be positive or the offset negative. */
function scaled(
  space: SearchSpace,
  table: LatencyTable,
  networks: readonly MeasuredNetwork[],
  withOffset: boolean,
): LatencyTable | null {
  const columns = columnsOf(space, table);
  const free = withOffset ? [FREE, FREE] : [0, FREE];
  const rows = networks.map(columns.row);
  const targets = networks.map(
    ({ encoding, measuredMs }) => (measuredMs - blocksMs(table, encoding)) / measuredMs,
  );
  return applied(table, columns, coefficientsOf(rows, targets, columns, free));
}

interface Columns {
  /** How many scales of stages and how many own ones of entries follow the offset and the global scale. */
  readonly stages: number;
  readonly entries: number;
  stageOf(position: number): number;
  entryOf(position: number, choice: number): number;
  row(network: MeasuredNetwork): Float64Array;
}

function columnsOf(space: SearchSpace, table: LatencyTable): Columns {
  const groups = [...new Set(positionsOf(space).map(({ stage }) => stage))];
  const stageOf = (position: number): number =>
    2 + groups.indexOf(positionsOf(space)[position]?.stage ?? null);
  let entries = 0;
  const starts = table.layers.map(({ length }) => (entries += length) - length);
  const entryOf = (position: number, choice: number): number =>
    2 + groups.length + (starts[position] ?? 0) + choice;
  return {
    stages: groups.length,
    entries,
    stageOf,
    entryOf,
    row: ({ encoding, measuredMs }) => {
      const row = new Float64Array(2 + groups.length + entries);
      row[0] = 1 / measuredMs;
      encoding.forEach((choice, position) => {
        const share = (table.layers[position]?.[choice] ?? 0) / measuredMs;
        for (const column of [1, stageOf(position), entryOf(position, choice)])
          row[column] = (row[column] ?? 0) + share;
      });
      return row;
    },
  };
}

/**
 * The mean of the coefficients over all strengths, each weighed by how well it foretells every network from the others (pseudo-
 * Bayesian model averaging, Geisser and Eddy 1979); beforehand, no scales but the global one are as likely as all others together.
 * The evidence itself would not do: for few networks, entries of their own explain noise as well as noise does.
 */
function coefficientsOf(
  rows: readonly Float64Array[],
  targets: readonly number[],
  { stages }: Columns,
  free: readonly number[],
): Float64Array {
  const [first, second, third] = [
    kernelOf(rows.map((row) => row.slice(0, 2).map((value, at) => value * (free[at] ?? 0)))),
    kernelOf(rows.map((row) => row.slice(2, 2 + stages))),
    kernelOf(rows.map((row) => row.slice(2 + stages))),
  ];
  const strengths = strengthsFor(rows.length, stages);
  const fits = strengths.map(({ stage, own }) =>
    fitGaussian(
      first.map((each, at) => each + stage ** 2 * (second[at] ?? 0) + own ** 2 * (third[at] ?? 0)),
      targets,
    ),
  );
  const odds = oddsOf(fits, targets.length);
  const all = odds.reduce((sum, each) => sum + each, 0);
  const columns = rows[0]?.length ?? 0;
  const coefficients = new Float64Array(columns);
  strengths.forEach(({ stage, own }, at) => {
    const share = (odds[at] ?? 0) / all;
    if (share < 1e-4) return;
    const variances = Float64Array.from({ length: columns }, (_, column) =>
      column < 2 ? (free[column] ?? 0) ** 2 : column < 2 + stages ? stage ** 2 : own ** 2,
    );
    rows.forEach((row, i) => {
      const weight = share * (fits[at]?.weights[i] ?? 0);
      for (let column = 0; column < columns; column++)
        coefficients[column] =
          (coefficients[column] ?? 0) + weight * (variances[column] ?? 0) * (row[column] ?? 0);
    });
  });
  return coefficients;
}

/** Beside the first's, which is 1 or, when others foretell better, less. */
function oddsOf(fits: readonly GaussianFit[], networks: number): readonly number[] {
  const errors = fits.map((fit) => Math.sqrt(mean(fit.leaveOneOut().map((each) => each * each))));
  const [plain = NaN] = errors;
  // Exact but for rounding: nothing is left to be explained.
  if (plain < 1e-6) return fits.map((_, at) => Number(at === 0));
  const least = Math.min(...errors);
  return errors.map((error, at) => (least / error) ** networks / (at === 0 ? 1 : errors.length - 1));
}

interface Strengths {
  readonly stage: number;
  readonly own: number;
}

/** The first is that there are none. */
function strengthsFor(networks: number, stages: number): readonly Strengths[] {
  if (networks < FEW) return [{ stage: 0, own: 0 }];
  return (stages > 1 ? STRENGTHS : [0]).flatMap((stage) => STRENGTHS.map((own) => ({ stage, own })));
}

function applied(table: LatencyTable, columns: Columns, coefficients: Float64Array): LatencyTable | null {
  const [fixedMs = NaN, global = NaN] = coefficients;
  const layers = table.layers.map((layer, position) =>
    layer.map(
      (ms, choice) =>
        ms *
        (1 +
          global +
          (coefficients[columns.stageOf(position)] ?? 0) +
          (coefficients[columns.entryOf(position, choice)] ?? 0)),
    ),
  );
  const isSound = table.layers.every((layer, position) =>
    layer.every((ms, choice) => !(ms > 0) || (layers[position]?.[choice] ?? NaN) > 0),
  );
  // The offset of an exact world is 0 up to rounding.
  const least = -1e-6 * Math.max(...layers.flat());
  return isSound && fixedMs >= least ? { layers, fixedMs: Math.max(0, fixedMs) } : null;
}

function blocksMs(table: LatencyTable, encoding: readonly number[]): number {
  return predictLatency({ ...table, fixedMs: 0 }, encoding);
}
