import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@espalier/client';
import { CommandFailure } from './failures.js';
import {
  ComparisonFiguresDocument,
  type CompareSearchesMutation,
  type ComparisonFiguresQuery,
} from './graphql/generated/documents.js';

export type ComparedGroups = CompareSearchesMutation['compareSearches']['comparison'];

const POLL_MS = 500;

/** The comparison with its figures: a large one is computed by a worker. Throws with why when it could not be. */
export async function comparisonEnd(client: Client, begun: ComparedGroups): Promise<ComparedGroups> {
  let comparison = begun;
  while (comparison.status === 'QUEUED') {
    await sleep(POLL_MS);
    comparison = await comparisonOf(client, begun.id);
  }
  if (comparison.status === 'SUCCEEDED') return comparison;
  throw new CommandFailure(
    'FAILED',
    `The comparison ended as ${comparison.status}: ${comparison.error ?? 'no reason given'}`,
  );
}

export async function comparisonOf(client: Client, id: string): Promise<ComparedGroups> {
  const { node } = await client.send(ComparisonFiguresDocument, { id });
  if (!isComparison(node)) throw new CommandFailure('FAILED', `Comparison ${id} not found (NOT_FOUND).`);
  return node;
}

/** Another kind of node answers with an object without fields. */
const isComparison = (node: ComparisonFiguresQuery['node']): node is ComparedGroups =>
  node !== null && 'verdict' in node;
