'use server';

import { redirect } from 'next/navigation';
import { CreatePrunedSpaceDocument, type PruningInput } from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';

/** Stores the pruned version and goes to it; gives the failure to the form otherwise. */
export async function createPrunedSpace(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const pruning = pruningIn(String(form.get('pruning') ?? ''));
  if (!pruning) return { code: 'BAD_INPUT', message: 'The form holds no rule.', requestId: null };
  const label = String(form.get('label') ?? '').trim();
  const answer = await ask(CreatePrunedSpaceDocument, {
    input: { idempotencyKey: crypto.randomUUID(), pruning, ...(label && { label }) },
  });
  if (!answer.ok) return answer.failure;
  const version = encodeURIComponent(answer.data.createPrunedSpace.version.id);
  redirect(`${spacePath(String(form.get('space') ?? ''))}?version=${version}`);
}

function pruningIn(json: string): PruningInput | null {
  try {
    return JSON.parse(json) as PruningInput | null;
  } catch {
    return null;
  }
}

/** `team/space` of the form as a path of this site, whatever else it may hold. */
function spacePath(address: string): string {
  const [team = '', name = ''] = address.split('/');
  return `/spaces/${encodeURIComponent(team)}/${encodeURIComponent(name)}`;
}
