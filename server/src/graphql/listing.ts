import type { EntitySchema, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { In } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import type { Transaction } from '../platform/database/tenancy.js';
import { badInput } from '../platform/errors.js';
import { connectionOf, keysetSql, pageOf, type Connection, type PageArguments } from './connections.js';

/** Columns by which a list is ordered, as they are called in the table; the last one is unique. */
export interface ListOrder {
  readonly columns: readonly { readonly name: string; readonly type: KeyType }[];
  readonly descending: boolean;
}

export const NEWEST_FIRST: ListOrder = {
  columns: [
    { name: 'created_at', type: 'timestamptz' },
    { name: 'id', type: 'uuid' },
  ],
  descending: true,
};

export const BY_NAME: ListOrder = {
  columns: [
    { name: 'name', type: 'text' },
    { name: 'id', type: 'uuid' },
  ],
  descending: false,
};

/**
 * One page of the visible rows of `entity`, whose alias is `listed`. Cursors are made from what PostgreSQL holds, not
 * from the row: a JavaScript date is too coarse to stand for a timestamp, and rows of one transaction share theirs.
 */
export async function listRows<Row extends ObjectLiteral>(
  tx: Transaction,
  entity: EntitySchema<Row>,
  args: PageArguments,
  order: ListOrder,
  narrow: (query: SelectQueryBuilder<Row>) => void = () => undefined,
): Promise<Connection<Row>> {
  const page = pageOf(args, order.columns.length);
  page.cursor?.forEach((part, at) => {
    const type = order.columns[at]?.type;
    const field = page.backward ? 'before' : 'after';
    if (type && !WELL_FORMED[type](part)) throw badInput(field, `${field} is not a cursor of this list.`);
  });
  const columns = order.columns.map(({ name, type }) => ({ name: `listed.${name}`, type }));
  const keyset = keysetSql(page, { columns, descending: order.descending }, 1);
  const query = tx.getRepository(entity).createQueryBuilder('listed');
  columns.forEach(({ name }, at) => query.addSelect(`cast(${name} as text)`, `key_${at}`));
  narrow(query);
  if (page.cursor) query.andWhere(named(keyset.where), parametersOf(keyset.parameters));
  const direction = order.descending !== page.backward ? 'DESC' : 'ASC';
  for (const { name } of columns) query.addOrderBy(name, direction);
  const { entities, raw } = await query.limit(page.limit + 1).getRawAndEntities<Record<string, string>>();
  const keys = new Map(
    entities.map((row, at) => [row, columns.map((_, key) => raw[at]?.[`key_${key}`] ?? '')] as const),
  );
  return connectionOf(entities, page, (row) => keys.get(row) ?? []);
}

/** The visible rows with these ids, in the order asked; null where there is none. */
export async function rowsById<Row extends ObjectLiteral & { id: string }>(
  tx: Transaction,
  entity: EntitySchema<Row>,
  ids: readonly string[],
): Promise<(Row | null)[]> {
  const where = { id: In([...new Set(ids)]) } as FindOptionsWhere<Row>;
  const rows = new Map((await tx.getRepository(entity).findBy(where)).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}

type KeyType = 'timestamptz' | 'uuid' | 'text' | 'int';

const WELL_FORMED: Record<KeyType, (part: string) => boolean> = {
  timestamptz: (part) =>
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(part) &&
    !Number.isNaN(Date.parse(part)),
  uuid: (part) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(part),
  text: (part) => part.length <= 200 && !part.includes('\0'),
  int: (part) => /^\d{1,9}$/.test(part),
};

const named = (sql: string): string => sql.replaceAll(/\$(\d+)::(\w+)/g, 'cast(:cursor$1 as $2)');

const parametersOf = (parts: readonly string[]): Record<string, string> =>
  Object.fromEntries(parts.map((part, at) => [`cursor${at + 1}`, part]));
