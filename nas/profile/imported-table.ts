import { positionsOf, shown, type Position, type SearchSpace } from '../space/index.js';
import type { LatencyTable } from './latency-table.js';

/** A row of a table that was measured elsewhere, as it was written. */
export interface WrittenLatency {
  /** Name or index of a position; `fixed` for what every network pays. */
  readonly position: string;
  /** Name or index of a choice; empty for `fixed`. */
  readonly choice: string;
  /** Milliseconds; NaN for what is no number. */
  readonly latencyMs: number;
  /** The value as it was written, for the message. */
  readonly written: string;
  /** Where it stands in its file, from 1. */
  readonly row: number;
}

/** What is wrong with a table, and where: the row in its file, null for what is in none. */
export interface TableProblem {
  readonly row: number | null;
  readonly column: 'position' | 'choice' | 'latency_ms';
  readonly message: string;
}

/** Longest time that is believed, milliseconds: an hour. */
export const LONGEST_MS = 3_600_000;

/** Problems and missing blocks told at most. */
const MOST_TOLD = 100;

/**
 * Finds every block of a space in a table of rows by name or index. Either the table, with a time for each choice of each
 * position, or all that is wrong: unknown names, times that are none, blocks given twice, blocks missing.
 */
export function importedTable(
  space: SearchSpace,
  rows: Iterable<WrittenLatency>,
): { readonly table: LatencyTable } | { readonly problems: readonly TableProblem[] } {
  const positions = positionsOf(space).map(indexed);
  const byName = new Map(positions.map((each) => [each.position.name, each]));
  const layers: (number | undefined)[][] = positions.map(({ position }) =>
    position.choices.map(() => undefined),
  );
  let fixedMs: number | undefined;
  const problems: TableProblem[] = [];
  const tell = (problem: TableProblem): void => {
    if (problems.length < MOST_TOLD) problems.push(problem);
  };
  for (const { position, choice, latencyMs, written, row } of rows) {
    const wrong = timeProblem(latencyMs, written);
    if (wrong !== null) tell({ row, column: 'latency_ms', message: wrong });
    if (position === 'fixed') {
      if (fixedMs !== undefined) tell({ row, column: 'position', message: 'fixed is given twice' });
      fixedMs = latencyMs;
      continue;
    }
    const found = byName.get(position) ?? positions[indexIn(position)];
    if (!found) {
      tell({
        row,
        column: 'position',
        message: `there is no position ${shown(position)}; expected ${range(positions.length)}, a name such as ${String(positions[0]?.position.name)}, or fixed`,
      });
      continue;
    }
    const at = found.choices.get(choice) ?? indexIn(choice);
    const layer = layers[found.index];
    if (!layer || !(at in layer)) {
      tell({
        row,
        column: 'choice',
        message: `position ${found.position.name} has no choice ${shown(choice)}; expected ${range(found.position.choices.length)}, or a name such as ${String(found.position.choices[0]?.name)}`,
      });
      continue;
    }
    if (layer[at] !== undefined)
      tell({ row, column: 'choice', message: `${found.position.name}, ${shown(choice)} is given twice` });
    layer[at] = latencyMs;
  }
  // What is missing is said only of a table that is otherwise sound: a wrong name makes its block missing too.
  if (problems.length === 0) for (const problem of missing(positions, layers)) tell(problem);
  if (problems.length > 0) return { problems };
  return { table: { layers: layers.map((layer) => layer.map((ms) => ms ?? 0)), fixedMs: fixedMs ?? 0 } };
}

interface Indexed {
  readonly position: Position;
  readonly index: number;
  readonly choices: ReadonlyMap<string, number>;
}

const indexed = (position: Position, index: number): Indexed => ({
  position,
  index,
  choices: new Map(position.choices.map(({ name }, at) => [name, at])),
});

/** −1 for what is no index. */
const indexIn = (text: string): number => (/^\d{1,6}$/.test(text) ? Number(text) : -1);

const range = (length: number): string => `an index from 0 to ${String(length - 1)}`;

function timeProblem(ms: number, written: string): string | null {
  if (!Number.isFinite(ms)) return `${shown(written)} is no number; expected milliseconds`;
  if (ms < 0) return `${shown(written)} is negative; expected milliseconds`;
  if (ms > LONGEST_MS) return `${shown(written)} is longer than an hour; expected milliseconds`;
  return null;
}

function missing(
  positions: readonly Indexed[],
  layers: readonly (readonly (number | undefined)[])[],
): TableProblem[] {
  return positions.flatMap(({ position, index }) => {
    const names = position.choices.flatMap(({ name }, at) =>
      layers[index]?.[at] === undefined ? [name] : [],
    );
    return names.length === 0
      ? []
      : [
          {
            row: null,
            column: 'choice',
            message: `position ${position.name} lacks ${String(names.length)} of its ${String(position.choices.length)} choices: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`,
          } as const,
        ];
  });
}
