import { addOuter } from './symmetric.js';

/**
 * The candidates as rows of a linear model, few entries of which are not 0: an indicator for the choice at each position, columns
 * of plain numbers, and a last column of ones. A vector of coefficients is a table of blocks' effects, followed by the weights of
 * those columns and by the level that all candidates share.
 */
export interface Design {
  readonly size: number;
  /** Length of a vector of coefficients. */
  readonly dimension: number;
  /** How many of them, the first, are entries of positions. */
  readonly entryCount: number;
  /** Where each position's entries begin, and where the last one's end. */
  readonly firstEntries: readonly number[];
  /** Entries of the candidates, row by row, a number a position. */
  readonly entries: Int32Array;
  readonly columns: readonly Float64Array[];
  /** The mean row: how often each entry occurs, a ratio; 0 for the plain columns; 1 for the last. */
  readonly mean: Float64Array;
  /** Mean of (row − mean row)(row − mean row)ᵀ over the candidates. */
  readonly secondMoment: Float64Array;
}

/** A known device, or a feature, as coefficients on a design: what the candidates' values are above their mean. */
export interface Effects {
  readonly name: string;
  readonly coefficients: Float64Array;
}

/** A row times a vector of coefficients. */
export function rowTimes(design: Design, row: number, vector: Float64Array): number {
  const { entries, columns, entryCount, firstEntries } = design;
  const positions = firstEntries.length - 1;
  let sum = 0;
  for (let at = row * positions; at < (row + 1) * positions; at++)
    sum += vector[entries[at] as number] as number;
  for (let c = 0; c < columns.length; c++)
    sum += ((columns[c] as Float64Array)[row] as number) * (vector[entryCount + c] as number);
  return sum;
}

/** A symmetric matrix times a row. */
export function matrixTimesRow(design: Design, matrix: Float64Array, row: number): Float64Array {
  const { dimension } = design;
  const product = new Float64Array(dimension);
  eachTerm(design, row, (at, value) => {
    for (let j = 0; j < dimension; j++)
      product[j] = (product[j] as number) + value * (matrix[at * dimension + j] as number);
  });
  return product;
}

/** rowᵀ · matrix · row, without making a vector. */
export function quadratic(design: Design, matrix: Float64Array, row: number): number {
  const { entries, columns, dimension, entryCount, firstEntries } = design;
  const positions = firstEntries.length - 1;
  const start = row * positions;
  let sum = 0;
  for (let a = 0; a < positions; a++) {
    const base = (entries[start + a] as number) * dimension;
    sum += matrix[base + (entries[start + a] as number)] as number;
    for (let b = 0; b < a; b++) sum += 2 * (matrix[base + (entries[start + b] as number)] as number);
  }
  for (let c = 0; c < columns.length; c++) {
    const value = (columns[c] as Float64Array)[row] as number;
    const base = (entryCount + c) * dimension;
    for (let b = 0; b < positions; b++)
      sum += 2 * value * (matrix[base + (entries[start + b] as number)] as number);
    for (let d = 0; d <= c; d++)
      sum +=
        (d < c ? 2 : 1) *
        value *
        ((columns[d] as Float64Array)[row] as number) *
        (matrix[base + entryCount + d] as number);
  }
  return sum;
}

/** Shifts the entries of every position so that their mean over the candidates is 0; what was shifted is the intercept's. */
export function centre({ firstEntries, mean: frequency }: Design, vector: Float64Array): void {
  for (let position = 0; position + 1 < firstEntries.length; position++) {
    const [from = 0, to = 0] = [firstEntries[position], firstEntries[position + 1]];
    let average = 0;
    for (let i = from; i < to; i++) average += (frequency[i] as number) * (vector[i] as number);
    for (let i = from; i < to; i++) vector[i] = (vector[i] as number) - average;
  }
}

/** A symmetric matrix over coefficients, centred as `centre` does on both sides. */
export function centreBoth(design: Design, matrix: Float64Array): void {
  const { dimension } = design;
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < dimension; i++) centre(design, matrix.subarray(i * dimension, (i + 1) * dimension));
    for (let i = 0; i < dimension; i++)
      for (let j = 0; j < i; j++) {
        const [lower, upper] = [i * dimension + j, j * dimension + i];
        [matrix[lower], matrix[upper]] = [matrix[upper] as number, matrix[lower] as number];
      }
  }
}

function eachTerm(design: Design, row: number, visit: (at: number, value: number) => void): void {
  const { entries, columns, entryCount, firstEntries } = design;
  const positions = firstEntries.length - 1;
  for (let at = row * positions; at < (row + 1) * positions; at++) visit(entries[at] as number, 1);
  for (let c = 0; c < columns.length; c++) visit(entryCount + c, (columns[c] as Float64Array)[row] as number);
}

/** Mean of the outer products of vectors. */
export function meanOuter(vectors: readonly Float64Array[], dimension: number): Float64Array {
  const matrix = new Float64Array(dimension * dimension);
  for (const vector of vectors) addOuter(matrix, vector, vector, 1 / vectors.length);
  return matrix;
}
