'use server';

import { redirect } from 'next/navigation';
import {
  StartSearchDocument,
  type SamplerKind,
  type SamplerSettingsInput,
  type StartSearchInput,
} from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** What was written into a field of numbers, which browsers leave empty for what is none; null for an empty one. */
const number = (form: FormData, name: string): number | null =>
  text(form, name) === '' ? null : Number(text(form, name));

/** Starts a search and goes to its page, or to the list of several; the failure when the API refuses. */
export async function startSearch(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const answer = await ask(StartSearchDocument, { input: inputOf(form) });
  if (!answer.ok) return answer.failure;
  const [run, ...more] = answer.data.startSearch.searchRuns;
  redirect(run && more.length === 0 ? `/runs/${encodeURIComponent(run.id)}` : '/runs');
}

function inputOf(form: FormData): StartSearchInput {
  const limits = present({
    latencyMs: number(form, 'limit.latencyMs'),
    accuracy: number(form, 'limit.accuracy'),
    paramCount: number(form, 'limit.paramCount'),
    macs: number(form, 'limit.macs'),
  });
  const settings = settingsIn(form);
  const first = text(form, 'predictedFront');
  const warmStart = present({
    searchRunId: text(form, 'earlierRun') || null,
    predictedFront: first === '' ? null : first === 'yes',
  });
  const runs = Math.max(1, Math.min(100, number(form, 'runs') ?? 1));
  return {
    idempotencyKey: crypto.randomUUID(),
    spaceVersionId: text(form, 'version'),
    deviceProfileId: text(form, 'profile'),
    accuracySourceId: text(form, 'source'),
    sampler: text(form, 'sampler') as SamplerKind,
    budget: number(form, 'budget') ?? 3000,
    seeds: Array.from({ length: runs }, (_, at) => (number(form, 'seed') ?? 0) + at),
    ...(limits && { limits }),
    ...(settings && { settings }),
    ...(warmStart && { warmStart }),
  };
}

/** Fields named `setting.` and the setting; those of numbers have lists, words stay words. */
function settingsIn(form: FormData): SamplerSettingsInput | null {
  const entries = [...form.keys()].flatMap((field) => {
    const name = /^setting\.(\w+)$/.exec(field)?.[1];
    const value = text(form, field);
    return name === undefined || value === '' ? [] : [[name, valueOf(name, value)] as const];
  });
  return present(Object.fromEntries(entries));
}

const valueOf = (name: string, value: string): unknown => {
  if (name === 'unitProbabilities')
    return value
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
  return /^[A-Z]+$/.test(value) ? value : Number(value);
};

/** Without what is null; null when nothing is left. */
function present<T extends object>(values: T): T | null {
  const entries = Object.entries(values).filter(([, value]) => value !== null);
  return entries.length === 0 ? null : (Object.fromEntries(entries) as T);
}
