import { table, type Cell } from './table.js';

export interface Shown {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A list for a person, or with `--json` what it was made of. */
export function showList(items: unknown, { header, rows }: Shown, json: boolean | undefined): void {
  console.log(json ? JSON.stringify(items, null, 2) : rows.length === 0 ? 'None.' : table(header, rows));
}

/** One thing: its fields a line each, or with `--json` the whole. */
export function showFields(
  value: object,
  fields: Readonly<Record<string, Cell>>,
  json: boolean | undefined,
): void {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  console.log(
    json
      ? JSON.stringify(value, null, 2)
      : Object.entries(fields)
          .map(([name, cell]) => `${name.padEnd(width)}  ${String(cell)}`)
          .join('\n'),
  );
}

/** RFC 4180: fields with a comma, a quote or a line break are quoted. */
export function csv({ header, rows }: Shown): string {
  const field = (cell: Cell): string => {
    const text = String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => row.map(field).join(',')).join('\n');
}

/** One line a change on standard error, so that standard output stays the result. */
export function progressLines(): (step: string, done?: number, total?: number) => void {
  let last = '';
  return (step, done, total) => {
    const line = total ? `${step}: ${done} of ${total}` : step;
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
}
