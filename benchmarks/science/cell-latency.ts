import type { PerChoice } from '@espalier/nas/prune';
import { enumerateEncodings, positionsOf, type SearchSpace } from '@espalier/nas/space';
import { createRandom, fitLinear, mean, shuffled, spearman } from '@espalier/nas/stats';

/** Latencies of all cells from those of some. */
export interface CellLatency {
  /** Predicted, in the order of `encodingIndex`. */
  readonly latencyMs: Float64Array;
  /** What an operation adds where its edge counts, [edge][operation]; at least 0. */
  readonly blockLatencyMs: PerChoice;
  /** Mean relative error and rank correlation on the measured cells that were left out: half of them. */
  readonly meanError: number;
  readonly spearman: number;
  readonly held: number;
}

/**
 * Linear in what a NAS-Bench-201 cell does: each operation on each edge that a signal passes. `measured`: milliseconds in the
 * order of `encodingIndex`, null where unknown.
 */
export function fitCellLatency(space: SearchSpace, measured: readonly (number | null)[]): CellLatency {
  const rows = Array.from(enumerateEncodings(space), (encoding) => featuresOf(space, encoding));
  const known = measured.flatMap((ms, index) =>
    ms === null ? [] : [{ ms, row: rows[index] ?? new Float64Array() }],
  );
  const mixed = shuffled(known, createRandom(201));
  const half = Math.floor(mixed.length / 2);
  const coefficients = coefficientsOf(mixed.slice(0, half));
  const held = mixed.slice(half);
  const predicted = held.map(({ row }) => dot(coefficients, row));
  let column = 1;
  return {
    latencyMs: Float64Array.from(rows, (row) => dot(coefficients, row)),
    blockLatencyMs: positionsOf(space).map(({ choices }) =>
      choices.map(({ block }) => Math.max(0, block.kind === 'zero' ? 0 : (coefficients[column++] ?? 0))),
    ),
    meanError: mean(held.map(({ ms }, i) => Math.abs((predicted[i] ?? NaN) / ms - 1))),
    spearman: spearman(
      predicted,
      held.map(({ ms }) => ms),
    ),
    held: held.length,
  };
}

interface Known {
  readonly ms: number;
  readonly row: Float64Array;
}

/** Least squares: the priors are wide. */
function coefficientsOf(known: readonly Known[]): Float64Array {
  const width = known[0]?.row.length ?? 0;
  return fitLinear(
    known.map(({ row }) => row),
    known.map(({ ms }) => ms),
    new Float64Array(width).fill(1e3),
  ).coefficients;
}

/** 1, then each operation of each edge by whether it counts; an edge that is nothing counts for nothing. */
function featuresOf(space: SearchSpace, encoding: readonly number[]): Float64Array {
  const counts = countingEdges(space, encoding);
  const operations = positionsOf(space).flatMap(({ choices }, edge) =>
    choices.flatMap(({ block }, choice) =>
      block.kind === 'zero' ? [] : [Number(counts.has(edge) && encoding[edge] === choice)],
    ),
  );
  return Float64Array.of(1, ...operations);
}

/** Edges on a way from the cell's input to its output that no edge without operation interrupts. */
function countingEdges(space: SearchSpace, encoding: readonly number[]): ReadonlySet<number> {
  const there = ENDS.map(
    (_, edge) => positionsOf(space)[edge]?.choices[encoding[edge] ?? 0]?.block.kind !== 'zero',
  );
  const reached = new Set([0]);
  ENDS.forEach(({ from, to }, edge) => {
    if (there[edge] === true && reached.has(from)) reached.add(to);
  });
  const used = new Set([3]);
  [...ENDS.entries()].reverse().forEach(([edge, { from, to }]) => {
    if (there[edge] === true && used.has(to)) used.add(from);
  });
  return new Set(
    [...ENDS.entries()].flatMap(([edge, { from, to }]) =>
      there[edge] === true && reached.has(from) && used.has(to) ? [edge] : [],
    ),
  );
}

/** The edges' nodes, by the node that they lead to. */
const ENDS = [
  { from: 0, to: 1 },
  { from: 0, to: 2 },
  { from: 1, to: 2 },
  { from: 0, to: 3 },
  { from: 1, to: 3 },
  { from: 2, to: 3 },
];

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
