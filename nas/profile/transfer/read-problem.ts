import { mean } from '../../stats/index.js';
import { centre, rowTimes, type Design, type Effects } from './design.js';
import type { KnownDevice, TransferProblem } from './problem.js';
import { sharedRests } from './shared-rest.js';
import { cholesky, solveCholesky } from './symmetric.js';

/** Only makes the equations regular: the entries of each position add up to 1. */
const RIDGE = 1e-3;
/** A rest whose root mean square is below this share of the latencies' is rounding. */
const NEGLIGIBLE = 1e-3;

/**
 * A design for a problem, and its known devices and features on it. The latencies of a device, divided by their mean (or, without
 * positions, their logarithms), are split by least squares into a table and a column of what the table leaves.
 */
export function designOf(problem: TransferProblem): {
  readonly design: Design;
  readonly known: readonly Effects[];
  readonly features: readonly Effects[];
} {
  const { known, positions, features = [] } = problem;
  const levels = known.map(({ latencyMs }) => relative(latencyMs, positions !== undefined));
  const size = levels[0]?.length ?? 0;
  const table = tableDesign(problem, size);
  const fitted = fitTables(table, levels);
  const tables = known.map((device, at) => givenTable(table, device) ?? fitted[at] ?? new Float64Array());
  const all = levels.map((level, at) => rest(table, level, tables[at] ?? new Float64Array()));
  const rests = positions === undefined ? all : sharedRests(all);
  const plain = features.map(({ values }) => standardised(values));
  const kept = rests.map(
    (column, at) => rootMeanSquare(column) > NEGLIGIBLE * rootMeanSquare(levels[at] ?? column),
  );
  const columns = [...rests.filter((_, at) => kept[at]), ...plain, new Float64Array(size).fill(1)];
  const { entryCount } = table;
  const dimension = entryCount + columns.length;
  const design = withColumns(table, columns);
  let column = entryCount;
  const knownEffects = known.map(({ name }, at) => {
    const coefficients = new Float64Array(dimension);
    coefficients.set(tables[at] ?? []);
    if (kept[at] === true) coefficients[column++] = 1;
    return { name, coefficients };
  });
  const featureEffects = features.map(({ name }) => {
    const coefficients = new Float64Array(dimension);
    coefficients[column++] = 1;
    return { name, coefficients };
  });
  const blockEffects = (positions?.blockFeatures ?? []).map(({ name, values }) => {
    const coefficients = new Float64Array(dimension);
    coefficients.set(values.flat());
    centre(design, coefficients);
    return { name, coefficients };
  });
  return { design, known: knownEffects, features: [...featureEffects, ...blockEffects] };
}

function relative(latencyMs: ArrayLike<number>, additive: boolean): Float64Array {
  const values = new Float64Array(latencyMs.length);
  for (let i = 0; i < values.length; i++) {
    const ms = latencyMs[i] as number;
    values[i] = additive ? ms : Math.log(ms);
  }
  const average = mean(values);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    values[i] = additive ? value / average - 1 : value - average;
  }
  return values;
}

function standardised(values: ArrayLike<number>): Float64Array {
  const average = mean(values);
  const centred = Float64Array.from(values, (value) => value - average);
  const scale = rootMeanSquare(centred);
  return scale > 0 ? centred.map((value) => value / scale) : centred.fill(0);
}

function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}

/** The design of the positions alone. */
function tableDesign({ positions }: TransferProblem, size: number): Design {
  const choices = positions?.choices ?? [];
  const firstEntries = [0];
  for (const count of choices) firstEntries.push((firstEntries.at(-1) ?? 0) + count);
  const entryCount = firstEntries.at(-1) ?? 0;
  const entries = new Int32Array(size * choices.length);
  const frequency = new Float64Array(entryCount);
  for (const [row, encoding] of (positions?.encodings ?? []).entries()) {
    for (let at = 0; at < choices.length; at++) {
      const entry = (firstEntries[at] as number) + (encoding[at] as number);
      entries[row * choices.length + at] = entry;
      frequency[entry] = (frequency[entry] as number) + 1 / size;
    }
  }
  const secondMoment = new Float64Array(entryCount * entryCount);
  const table = {
    size,
    dimension: entryCount,
    entryCount,
    firstEntries,
    entries,
    columns: [],
    mean: frequency,
    secondMoment,
  };
  fillSecondMoment(table);
  return table;
}

/** The same with columns, of which the last is of ones and the others have mean 0. */
function withColumns(table: Design, columns: readonly Float64Array[]): Design {
  const dimension = table.entryCount + columns.length;
  const average = new Float64Array(dimension);
  average.set(table.mean);
  average[dimension - 1] = 1;
  const secondMoment = new Float64Array(dimension * dimension);
  const design = { ...table, dimension, columns, mean: average, secondMoment };
  fillSecondMoment(design);
  return design;
}

function fillSecondMoment(design: Design): void {
  const { size, dimension, entryCount, entries, columns, mean: average, secondMoment, firstEntries } = design;
  const positions = firstEntries.length - 1;
  for (let row = 0; row < size; row++) {
    const start = row * positions;
    for (let a = 0; a < positions; a++) {
      const base = (entries[start + a] as number) * dimension;
      for (let b = 0; b <= a; b++) {
        const at = base + (entries[start + b] as number);
        secondMoment[at] = (secondMoment[at] as number) + 1;
      }
    }
  }
  for (const [c, column] of columns.entries()) {
    const base = (entryCount + c) * dimension;
    for (let row = 0; row < size; row++) {
      const value = column[row] as number;
      for (let a = 0; a < positions; a++) {
        const at = base + (entries[row * positions + a] as number);
        secondMoment[at] = (secondMoment[at] as number) + value;
      }
    }
    for (let d = 0; d <= c; d++) {
      const other = columns[d] as Float64Array;
      let sum = 0;
      for (let row = 0; row < size; row++) sum += (column[row] as number) * (other[row] as number);
      secondMoment[base + entryCount + d] = sum;
    }
  }
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++) {
      const both = (average[i] as number) * (average[j] as number);
      const value = (secondMoment[i * dimension + j] as number) / size - both;
      secondMoment[i * dimension + j] = value;
      secondMoment[j * dimension + i] = value;
    }
}

/** Ridge regression of centred values on the positions, which only has to make the system regular. */
function fitTables(table: Design, levels: readonly Float64Array[]): readonly Float64Array[] {
  const { size, dimension, entries, firstEntries, secondMoment } = table;
  if (dimension === 0) return levels.map(() => new Float64Array(0));
  const positions = firstEntries.length - 1;
  const system = secondMoment.map((value) => value * size);
  for (let i = 0; i < dimension; i++)
    system[i * dimension + i] = (system[i * dimension + i] as number) + RIDGE;
  const factor = cholesky(system, dimension);
  return levels.map((level) => {
    const sums = new Float64Array(dimension);
    for (let row = 0, at = 0; row < size; row++)
      for (let position = 0; position < positions; position++, at++) {
        const entry = entries[at] as number;
        sums[entry] = (sums[entry] as number) + (level[row] as number);
      }
    const solution = solveCholesky(factor, sums);
    centre(table, solution);
    return solution;
  });
}

function rest(table: Design, level: Float64Array, coefficients: Float64Array): Float64Array {
  const left = new Float64Array(level.length);
  for (let row = 0; row < left.length; row++)
    left[row] = (level[row] as number) - rowTimes(table, row, coefficients);
  return left;
}

/** A device's own table, relative to its mean latency as fitted ones are. */
function givenTable(design: Design, { latencyMs, table }: KnownDevice): Float64Array | null {
  if (table === undefined) return null;
  const level = mean(latencyMs);
  const coefficients = Float64Array.from(table.flat(), (ms) => ms / level);
  centre(design, coefficients);
  return coefficients;
}
