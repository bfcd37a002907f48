import 'server-only';
import { cache } from 'react';
import { ComparisonDocument, type ComparisonQuery } from '@/graphql/generated/documents';
import { ask, isMissing, type Answer } from './api';

export type Comparison = Extract<NonNullable<ComparisonQuery['node']>, { __typename: 'Comparison' }>;

/** One comparison, asked once a request; null when it is not there or not the reader's to see. */
export const loadComparison = cache(async (id: string): Promise<Answer<Comparison | null>> => {
  const answer = await ask(ComparisonDocument, { id });
  if (!answer.ok) return isMissing(answer.failure) ? { ok: true, data: null } : answer;
  const node = answer.data.node;
  return { ok: true, data: node?.__typename === 'Comparison' ? node : null };
});
