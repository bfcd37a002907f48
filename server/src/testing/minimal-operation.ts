import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';

/** A value for an argument or input field: its name says what an id is the id of. */
export type ValueOf = (name: string, type: string) => unknown;

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * An operation that calls one root field with every argument that `valueOf` has a value for and those that the schema
 * asks for, and selects everything to a depth of four.
 */
export function minimalOperation(
  kind: 'query' | 'mutation' | 'subscription',
  field: GraphQLField<unknown, unknown>,
  valueOf: ValueOf,
): Operation {
  const variables: Record<string, unknown> = {};
  for (const argument of field.args) {
    const value = inputValue(argument, valueOf);
    if (value !== undefined) variables[argument.name] = value;
  }
  const given = field.args.filter(({ name }) => name in variables);
  const declared = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  return {
    query: `${kind} Walk${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${selection(field.type, 4)} }`,
    variables,
  };
}

function inputValue(
  { name, type, defaultValue }: GraphQLArgument | GraphQLInputField,
  valueOf: ValueOf,
): unknown {
  const needed = isNonNullType(type) && defaultValue === undefined;
  const value = valueFor(name, getNullableType(type), valueOf, needed);
  return value;
}

function valueFor(name: string, type: GraphQLInputType, valueOf: ValueOf, needed: boolean): unknown {
  const inner = getNullableType(type);
  const known = valueOf(name, String(getNamedType(type)));
  if (isListType(inner)) {
    if (known !== undefined) return Array.isArray(known) ? known : [known];
    return needed ? [valueFor(name, inner.ofType, valueOf, true)] : undefined;
  }
  if (known !== undefined) return known;
  if (!needed) return undefined;
  if (isInputObjectType(inner)) {
    const value: Record<string, unknown> = {};
    for (const field of Object.values(inner.getFields())) {
      const part = inputValue(field, valueOf);
      if (part !== undefined) value[field.name] = part;
    }
    return value;
  }
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  switch (String(inner)) {
    case 'Int':
      return 1;
    case 'Float':
      return 0.5;
    case 'Boolean':
      return true;
    case 'JSON':
      return {};
    default:
      return 'walk';
  }
}

function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isInterfaceType(named)) return '{ __typename id }';
  if (!isObjectType(named)) return '{ __typename }';
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const leaf = isLeafType(getNamedType(field.type));
    if (!leaf && depth === 1) return [];
    const needed = field.args.filter(
      ({ type: t, defaultValue }) => isNonNullType(t) && defaultValue === undefined,
    );
    if (needed.length > 0) return [];
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : '';
    return [`${field.name}${page} ${selection(field.type, depth - 1)}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}
