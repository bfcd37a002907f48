'use server';

import { revalidatePath } from 'next/cache';
import {
  CancelProfileDocument,
  ResumeSearchDocument,
  StopSearchDocument,
} from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';

export type RunAction = 'stop' | 'resume' | 'cancel';

/** Stops or resumes a search, or cancels a campaign; the failure when the API refuses. */
export async function changeRun(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const id = String(form.get('id') ?? '');
  const answer = await send(String(form.get('action')), id);
  revalidatePath('/runs/[id]', 'page');
  return answer.ok ? null : answer.failure;
}

async function send(action: string, id: string) {
  if (action === 'stop') return ask(StopSearchDocument, { input: { searchRunId: id } });
  if (action === 'resume') return ask(ResumeSearchDocument, { input: { searchRunId: id } });
  return ask(CancelProfileDocument, { input: { profileRunId: id } });
}
