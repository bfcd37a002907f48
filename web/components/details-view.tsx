import { Fragment } from 'react';

/** Rows and entries shown at most; the API has them all. */
const MOST = 60;

/**
 * What a method found besides its table, whatever it is: fields as a list, lists of objects as a table, lists of numbers in
 * one line. Made for JSON whose shape these pages do not know.
 */
export function DetailsView({ value }: { value: unknown }) {
  if (Array.isArray(value)) return <ListView list={value} />;
  if (typeof value !== 'object' || value === null) return <span className="font-mono">{shown(value)}</span>;
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[minmax(8rem,max-content)_minmax(0,1fr)]">
      {Object.entries(value)
        .slice(0, MOST)
        .map(([name, part]) => (
          <Fragment key={name}>
            <dt className="text-muted">{words(name)}</dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">
              <DetailsView value={part} />
            </dd>
          </Fragment>
        ))}
    </dl>
  );
}

function ListView({ list }: { list: readonly unknown[] }) {
  if (list.length === 0) return <span className="text-muted">none</span>;
  if (list.every((each) => typeof each === 'object' && each !== null && !Array.isArray(each)))
    return <TableView rows={list as readonly Readonly<Record<string, unknown>>[]} />;
  const more = list.length > MOST ? `, … ${list.length - MOST} more` : '';
  return (
    <span className="font-mono text-sm">
      {list
        .slice(0, MOST)
        .map((each) => (Array.isArray(each) ? `[${each.map(shown).join(', ')}]` : shown(each)))
        .join(', ')}
      {more}
    </span>
  );
}

function TableView({ rows }: { rows: readonly Readonly<Record<string, unknown>>[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 12);
  return (
    <div className="table-scroll" role="region" aria-label={columns.map(words).join(', ')} tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={rows.every((row) => typeof row[column] === 'number') ? 'number' : ''}
              >
                {words(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map((row, at) => (
            <tr key={at}>
              {columns.map((column) => (
                <td key={column} className={typeof row[column] === 'number' ? 'number' : ''}>
                  {shown(row[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST ? (
        <p className="mt-2 text-sm text-muted">{rows.length - MOST} more rows over the API.</p>
      ) : null}
    </div>
  );
}

function shown(value: unknown): string {
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '–';
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** `heldOutError` as `held out error`. */
const words = (name: string): string =>
  name.replaceAll(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
