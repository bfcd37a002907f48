'use server';

import { redirect } from 'next/navigation';
import { CompareSearchesDocument } from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** Compares the chosen runs and goes to the comparison; the failure when the API refuses. Groups without runs are left out. */
export async function compare(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const groups = Array.from({ length: Math.min(50, Number(form.get('groups')) || 0) }, (_, place) => ({
    place,
    label: text(form, `label-${place}`),
    searchRunIds: form.getAll(`run-${place}`).map(String),
  })).filter(({ searchRunIds }) => searchRunIds.length > 0);
  const baseline = groups.find(({ place }) => String(place) === form.get('baseline'));
  const answer = await ask(CompareSearchesDocument, {
    input: {
      idempotencyKey: crypto.randomUUID(),
      name: text(form, 'name'),
      groups: groups.map(({ label, searchRunIds }) => ({ label, searchRunIds })),
      baseline: baseline?.label ?? null,
      targetEvaluations: Math.trunc(Number(form.get('target'))) || 0,
      normalisation: form.get('normalisation') === 'SPACE_RANGE' ? 'SPACE_RANGE' : 'REFERENCE_FRONT',
      visibility: form.get('public') === 'on' ? 'PUBLIC' : 'PRIVATE',
    },
  });
  if (!answer.ok) return answer.failure;
  redirect(`/comparisons/${encodeURIComponent(answer.data.compareSearches.comparison.id)}`);
}
