import type { Measure } from './kd-tree.js';

/*
 * The distances of the indicators, from a query to points in columns of a tree. Those of a box are least at its nearest
 * corner, computed in the same order of operations, so that rounding cannot make them larger than those of its points.
 */

/** Euclidean; symmetric. */
export const euclidean: Measure = {
  toPoint: (query, coordinates, at) => root(query, (f, i) => f - (coordinates[at + i] as number)),
  toBox: (query, corners, at) =>
    root(query, (f, i) => {
      const low = corners[at + i] as number;
      const high = corners[at + query.length + i] as number;
      return f < low ? f - low : f > high ? f - high : 0;
    }),
};

/** From a solution to reference points: what the solution is worse by. */
export const excessOfQuery: Measure = {
  toPoint: (query, coordinates, at) =>
    root(query, (f, i) => Math.max(f - (coordinates[at + i] as number), 0)),
  toBox: (query, corners, at) =>
    root(query, (f, i) => Math.max(f - (corners[at + query.length + i] as number), 0)),
};

/** From a reference point to solutions: what the solution is worse by. */
export const excessOverQuery: Measure = {
  toPoint: (query, coordinates, at) =>
    root(query, (f, i) => Math.max((coordinates[at + i] as number) - f, 0)),
  toBox: (query, corners, at) => root(query, (f, i) => Math.max((corners[at + i] as number) - f, 0)),
};

/** From a reference point to solutions: the largest difference. */
export const largestDifference: Measure = {
  toPoint: (query, coordinates, at) => largest(query, (f, i) => (coordinates[at + i] as number) - f),
  toBox: (query, corners, at) => largest(query, (f, i) => (corners[at + i] as number) - f),
};

/** From a reference point to solutions: the largest ratio; positive objectives only. */
export const largestRatio: Measure = {
  toPoint: (query, coordinates, at) => largest(query, (f, i) => (coordinates[at + i] as number) / f),
  toBox: (query, corners, at) => largest(query, (f, i) => (corners[at + i] as number) / f),
};

function root(query: readonly number[], gap: (f: number, i: number) => number): number {
  let squares = 0;
  for (let i = 0; i < query.length; i++) {
    const d = gap(query[i] as number, i);
    squares += d * d;
  }
  return Math.sqrt(squares);
}

function largest(query: readonly number[], gap: (f: number, i: number) => number): number {
  let most = -Infinity;
  for (let i = 0; i < query.length; i++) most = Math.max(most, gap(query[i] as number, i));
  return most;
}
