import {
  importedTable,
  type LatencyTable,
  type TableProblem,
  type WrittenLatency,
} from '@espalier/nas/profile';
import { positionsOf, type SearchSpace } from '@espalier/nas/space';
import { csvReader, numberIn, TableError } from '../accuracy/index.js';
import { badInput } from '../../platform/errors.js';

/** Rows read at most: a space has a few thousand blocks. */
const MOST_ROWS = 200_000;

/** Reads a table that was measured elsewhere. BAD_INPUT names in `problems` every row and column that is wrong. */
export function readLatencyTable(space: SearchSpace, format: 'CSV' | 'JSON', content: string): LatencyTable {
  const rows = format === 'CSV' ? csvRows(content) : jsonRows(space, content);
  const read = importedTable(space, rows);
  if ('table' in read) return read.table;
  throw refusal(read.problems);
}

function refusal(problems: readonly TableProblem[]): Error {
  const [first] = problems;
  const where = first && [first.row === null ? '' : `row ${first.row}, `, `${first.column}: `].join('');
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return badInput('input.content', `The table is refused: ${where ?? ''}${first?.message ?? ''}${more}.`, {
    problems,
  });
}

const unreadable = (message: string, row: number | null = null): Error =>
  badInput('input.content', message, { problems: [{ row, column: null, message }] });

const COLUMNS = ['position', 'choice', 'latency_ms'] as const;

function csvRows(content: string): WrittenLatency[] {
  const rows: WrittenLatency[] = [];
  const reader = csvReader({
    columns: (names) =>
      COLUMNS.map((column) => {
        const at = names.findIndex((name) => name.toLowerCase() === column);
        if (at < 0)
          throw unreadable(`The header has no column ${column}; expected ${COLUMNS.join(', ')}.`, 1);
        return at;
      }),
    row: ([position = '', choice = '', written = ''], line) => {
      if (rows.length >= MOST_ROWS) throw unreadable(`The table has more than ${MOST_ROWS} rows.`, line);
      rows.push({
        position: position.trim(),
        choice: choice.trim(),
        latencyMs: numberIn(written),
        written: written.trim(),
        row: line,
      });
    },
    broken: (line, message) => {
      throw unreadable(`Row ${line}: ${message}`, line);
    },
  });
  try {
    reader.push(content);
    reader.end();
  } catch (error) {
    throw error instanceof TableError ? unreadable(error.message) : error;
  }
  return rows;
}

/** Either shape as rows, numbered in the order of the document; values of any type, for `importedTable` to judge. */
function jsonRows(space: SearchSpace, content: string): WrittenLatency[] {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw unreadable(`The table is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : ''}`);
  }
  const fields: { readonly [name: string]: unknown } =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { rows: value };
  const fixed = fields['fixedMs'] === undefined ? [] : [writtenOf('fixed', '', fields['fixedMs'], 0)];
  if (Array.isArray(fields['layers'])) return [...fixed, ...layerRows(space, fields['layers'])];
  if (!Array.isArray(fields['rows']))
    throw unreadable('The document has neither `layers` nor `rows`: expected one of them, a list.');
  if (fields['rows'].length > MOST_ROWS) throw unreadable(`The table has more than ${MOST_ROWS} rows.`);
  const rows = fields['rows'].map((row: unknown, at) => {
    const { position, choice, ...rest }: { readonly [name: string]: unknown } =
      typeof row === 'object' && row !== null ? { ...row } : {};
    const ms = rest['latency_ms'] ?? rest['latencyMs'];
    return writtenOf(textOf(position), textOf(choice ?? ''), ms, at + 1);
  });
  return [...fixed, ...rows];
}

/** A list a position; one too long or too short shows as an unknown or a missing choice. */
function layerRows(space: SearchSpace, layers: readonly unknown[]): WrittenLatency[] {
  const positions = positionsOf(space).length;
  if (layers.length !== positions)
    throw unreadable(`\`layers\` has ${layers.length} lists; the space has ${positions} positions.`);
  return layers.flatMap((layer, at) => {
    if (!Array.isArray(layer)) throw unreadable(`layers[${at}] is no list.`, at + 1);
    if (layer.length > MOST_ROWS)
      throw unreadable(`layers[${at}] has more than ${MOST_ROWS} entries.`, at + 1);
    return layer.map((ms: unknown, choice) => writtenOf(String(at), String(choice), ms, at + 1));
  });
}

const writtenOf = (position: string, choice: string, ms: unknown, row: number): WrittenLatency => ({
  position,
  choice,
  latencyMs: typeof ms === 'number' ? ms : Number.NaN,
  written: textOf(ms),
  row,
});

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing').slice(0, 100);
