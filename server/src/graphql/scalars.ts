import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { badInput } from '../platform/errors.js';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const MAX_DEPTH = 20;
const MAX_NODES = 200_000;

const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: (value) => {
    const date = new Date(typeof value === 'string' ? value : Number.NaN);
    if (Number.isNaN(date.getTime())) throw badInput('DateTime', 'Expected an instant in ISO 8601.');
    return date;
  },
});

const BigIntScalar = new GraphQLScalarType<string, string>({
  name: 'BigInt',
  serialize: String,
  parseValue: (value) => {
    if (typeof value !== 'string' || !/^-?\d{1,200}$/.test(value))
      throw badInput('BigInt', 'Expected a whole number as a decimal string.');
    return value;
  },
});

const UUID = new GraphQLScalarType<string, string>({
  name: 'UUID',
  serialize: String,
  parseValue: (value) => {
    if (typeof value !== 'string' || !UUID_V4.test(value))
      throw badInput('UUID', 'Expected a version 4 UUID.');
    return value.toLowerCase();
  },
});

/** Any JSON value, bounded in depth and size so that a hostile document costs no more than its bytes. */
const JSONScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => bounded(value),
  parseLiteral: (node, variables) => bounded(valueOf(node, variables ?? {}, 0)),
});

export const scalars = { DateTime, BigInt: BigIntScalar, UUID, JSON: JSONScalar };

function bounded(value: unknown): unknown {
  let nodes = 0;
  const stack: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    if (++nodes > MAX_NODES) throw badInput('JSON', `A JSON value has at most ${MAX_NODES} entries.`);
    if (entry.value === null || typeof entry.value !== 'object') continue;
    if (entry.depth >= MAX_DEPTH) throw badInput('JSON', `A JSON value nests at most ${MAX_DEPTH} deep.`);
    for (const child of Object.values(entry.value)) stack.push({ value: child, depth: entry.depth + 1 });
  }
  return value;
}

function valueOf(node: ValueNode, variables: Readonly<Record<string, unknown>>, depth: number): unknown {
  if (depth > MAX_DEPTH) throw badInput('JSON', `A JSON value nests at most ${MAX_DEPTH} deep.`);
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables, depth + 1));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((f) => [f.name.value, valueOf(f.value, variables, depth + 1)]),
      );
  }
}
