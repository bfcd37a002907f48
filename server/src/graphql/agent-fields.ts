import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { EspalierError } from '../platform/errors.js';

/** All that an agent's token is for. A token that leaks from a board opens nothing else. */
const AGENT_FIELDS: ReadonlySet<string> = new Set([
  'updateDevice',
  'heartbeat',
  'leaseMeasurements',
  'reportMeasurements',
  'modelFile',
  'blockFile',
  'viewer',
  'rateLimit',
  '__typename',
]);

/** FORBIDDEN when an agent asks for a root field that is not an agent's. */
export function checkAgentFields(document: DocumentNode, operation: OperationDefinitionNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const d of document.definitions)
    if (d.kind === Kind.FRAGMENT_DEFINITION) fragments.set(d.name.value, d);
  const walk = ({ selections }: SelectionSetNode, seen: ReadonlySet<string>): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, seen);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (fragment && !seen.has(name)) walk(fragment.selectionSet, new Set([...seen, name]));
      } else if (!AGENT_FIELDS.has(selection.name.value))
        throw new EspalierError('FORBIDDEN', `An agent may only measure, not use ${selection.name.value}.`);
    }
  };
  walk(operation.selectionSet, new Set());
}
