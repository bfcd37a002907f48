import {
  getNamedType,
  getVariableValues,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { EspalierError } from '../platform/errors.js';

/** What one operation may be. */
export const LIMITS = {
  tokens: 5_000,
  depth: 15,
  aliases: 50,
  directives: 30,
  rootFields: 20,
  /** Points, see `costOf`. */
  cost: 20_000,
} as const;

/** Assumed entries of a list that takes no page size. */
const UNPAGED = 10;

/**
 * Checks an operation before it is executed and returns its cost: one point a field that leads to an object,
 * multiplied by the page sizes on the way to it.
 */
export function checkLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions)
    if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables).coerced ?? {};
  const counts = { aliases: 0, directives: 0, visited: 0 };

  const walk = (
    set: SelectionSetNode,
    parent: GraphQLOutputType | undefined,
    depth: number,
    factor: number,
    trail: readonly string[],
  ): number => {
    if (depth > LIMITS.depth)
      throw new EspalierError('QUERY_TOO_DEEP', `An operation nests at most ${LIMITS.depth} deep.`);
    let cost = 0;
    for (const selection of set.selections) {
      // Fragments spread in fragments grow exponentially: the walk itself is bounded.
      if (++counts.visited > LIMITS.tokens) throw tooComplex(`more than ${LIMITS.tokens} fields`);
      counts.directives += selection.directives?.length ?? 0;
      if (counts.directives > LIMITS.directives)
        throw tooComplex(`more than ${LIMITS.directives} directives`);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment || trail.includes(selection.name.value)) continue;
        const on = schema.getType(fragment.typeCondition.name.value);
        cost += walk(
          fragment.selectionSet,
          isObjectType(on) || isAbstractType(on) ? on : parent,
          depth,
          factor,
          [...trail, selection.name.value],
        );
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent;
        cost += walk(
          selection.selectionSet,
          isObjectType(on) || isAbstractType(on) ? on : parent,
          depth,
          factor,
          trail,
        );
        continue;
      }
      if (selection.alias && ++counts.aliases > LIMITS.aliases)
        throw tooComplex(`more than ${LIMITS.aliases} aliases`);
      if (!selection.selectionSet) continue;
      const named = parent ? getNamedType(parent) : undefined;
      const field =
        isObjectType(named) || isInterfaceType(named) ? named.getFields()[selection.name.value] : undefined;
      const size = isIntrospection(selection) ? 0 : entriesOf(selection, named?.name, field, coerced);
      cost += factor + walk(selection.selectionSet, field?.type, depth + 1, factor * size, trail);
      if (cost > LIMITS.cost) throw tooComplex(`a cost above ${LIMITS.cost} points`);
    }
    return cost;
  };

  const root = schema.getRootType(operation.operation) ?? undefined;
  if (operation.selectionSet.selections.length > LIMITS.rootFields)
    throw tooComplex(`more than ${LIMITS.rootFields} root fields`);
  return 1 + walk(operation.selectionSet, root, 1, 1, []);
}

/** The schema's description is in memory: reading it costs one point. */
const isIntrospection = (field: FieldNode): boolean => field.name.value.startsWith('__');

/** How many objects a field leads to, at most. */
function entriesOf(
  selection: FieldNode,
  parent: string | undefined,
  field: GraphQLField<unknown, unknown> | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  const argument = (...names: string[]): unknown => {
    const given = selection.arguments?.find((a) => names.includes(a.name.value));
    return given && valueFromASTUntyped(given.value, variables);
  };
  const page = argument('first', 'last');
  if (typeof page === 'number') return Math.min(Math.max(page, 1), 100);
  const ids = argument('ids');
  if (Array.isArray(ids)) return Math.max(ids.length, 1);
  // The entries of a page were counted where the page was asked for.
  return field && isList(field.type) && !parent?.endsWith('Connection') ? UNPAGED : 1;
}

const tooComplex = (what: string): EspalierError =>
  new EspalierError('QUERY_TOO_COMPLEX', `The operation has ${what}.`);

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
