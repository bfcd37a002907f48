import { badInput } from '../platform/errors.js';

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/**
 * One page of a keyset-paginated list, as SQL sees it: the rows strictly beyond `cursor` in the direction asked, one
 * more than `limit` to learn whether there are more. Keys are the values of the order's columns, the last one unique.
 */
export interface Page {
  readonly limit: number;
  readonly backward: boolean;
  readonly cursor: readonly string[] | null;
}

export interface Connection<Row> {
  edges: { cursor: string; node: Row }[];
  nodes: Row[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** Checks the arguments: exactly one of `first` and `last`, 1–100, cursors well-formed with `keys` parts. */
export function pageOf(args: PageArguments, keys: number): Page {
  const { first, last, after, before } = args;
  if ((first == null) === (last == null)) throw badInput('first', 'Give exactly one of first and last.');
  const limit = first ?? last ?? 0;
  const backward = first == null;
  if (limit < 1 || limit > 100) throw badInput(backward ? 'last' : 'first', 'A page has 1–100 entries.');
  if (backward ? after != null : before != null)
    throw badInput(backward ? 'after' : 'before', 'Use first with after, and last with before.');
  const text = backward ? before : after;
  return {
    limit,
    backward,
    cursor: text == null ? null : decodeCursor(text, keys, backward ? 'before' : 'after'),
  };
}

/**
 * Turns rows fetched for `page` (limit + 1 of them, in the direction asked) into a connection in list order.
 * `keyOf` gives a row's order key as strings.
 */
export function connectionOf<Row>(
  rows: readonly Row[],
  page: Page,
  keyOf: (row: Row) => readonly string[],
): Connection<Row> {
  const more = rows.length > page.limit;
  const shown = rows.slice(0, page.limit);
  if (page.backward) shown.reverse();
  const edges = shown.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
  return {
    edges,
    nodes: shown,
    pageInfo: {
      hasNextPage: page.backward ? page.cursor !== null : more,
      hasPreviousPage: page.backward ? more : page.cursor !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/**
 * SQL for a page: `columns` with their direction in list order (`created_at desc, id desc`), casts for the cursor's
 * text parts. All columns must share one direction. Parameters start at `$start`.
 */
export function keysetSql(
  page: Page,
  order: {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    readonly descending: boolean;
  },
  start: number,
): { where: string; orderBy: string; parameters: string[] } {
  const down = order.descending !== page.backward;
  const names = order.columns.map((c) => c.name).join(', ');
  const values = order.columns.map((c, i) => `$${start + i}::${c.type}`).join(', ');
  return {
    where: page.cursor ? `(${names}) ${down ? '<' : '>'} (${values})` : 'true',
    orderBy:
      order.columns.map((c) => `${c.name} ${down ? 'desc' : 'asc'}`).join(', ') + ` limit ${page.limit + 1}`,
    parameters: page.cursor ? [...page.cursor] : [],
  };
}

const encodeCursor = (key: readonly string[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeCursor(text: string, keys: number, field: string): readonly string[] {
  if (text.length > 1000) throw badInput(field, `${field} is not a cursor of this list.`);
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed.length === keys && parsed.every((p) => typeof p === 'string'))
      return parsed;
  } catch {
    // falls through to the error below: a cursor is opaque, so why it is malformed does not help the caller
  }
  throw badInput(field, `${field} is not a cursor of this list.`);
}
