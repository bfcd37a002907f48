'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import {
  ForkProfileDocument,
  ImportProfileDocument,
  PinProfileDocument,
  ProfilePlanDocument,
  ShareProfileDocument,
  StartProfileDocument,
  TransferProfileDocument,
  UnpinProfileDocument,
  type ProfileMethod,
} from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

/** Pins, unpins, copies or shares a profile, as the pressed button says; the failure when the API refuses. */
export async function changeProfile(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const deviceProfileId = text(form, 'id');
  const action = text(form, 'action');
  if (action === 'fork') {
    const copy = await ask(ForkProfileDocument, {
      input: { idempotencyKey: crypto.randomUUID(), deviceProfileId, note: text(form, 'note'), changes: [] },
    });
    if (!copy.ok) return copy.failure;
    redirect(`/profiles/${encodeURIComponent(copy.data.forkProfile.deviceProfile.id)}`);
  }
  const answer = await send(action, deviceProfileId, form);
  revalidatePath('/profiles/[id]', 'page');
  return answer.ok ? null : answer.failure;
}

async function send(action: string, deviceProfileId: string, form: FormData) {
  if (action === 'pin') return ask(PinProfileDocument, { input: { deviceProfileId } });
  if (action === 'unpin') return ask(UnpinProfileDocument, { input: { deviceProfileId } });
  return ask(ShareProfileDocument, {
    input: {
      deviceProfileId,
      visibility: form.get('visibility') === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE',
      teams: text(form, 'teams')
        .split(/[\s,]+/)
        .filter(Boolean),
    },
  });
}

/** What came of a form about a campaign: its plan, or why not. */
export interface CampaignAnswer {
  readonly failure?: Failure;
  readonly plan?: { readonly measurementCount: number; readonly estimatedSeconds: number };
}

/** Says how long a campaign would take, or starts it and goes to its page. */
export async function startCampaign(_previous: CampaignAnswer, form: FormData): Promise<CampaignAnswer> {
  const spaceVersionId = text(form, 'version');
  const method = text(form, 'method') as ProfileMethod;
  const seed = Number(form.get('seed') ?? 0);
  const options = optionsIn(text(form, 'options'));
  if (options === null)
    return {
      failure: { code: 'BAD_INPUT', message: 'The options are no JSON object.', requestId: null },
    };
  if (form.get('action') === 'plan') {
    const answer = await ask(ProfilePlanDocument, { spaceVersionId, method, options, seed });
    return answer.ok ? { plan: answer.data.profilePlan } : { failure: answer.failure };
  }
  const input = { idempotencyKey: crypto.randomUUID(), spaceVersionId, poolId: text(form, 'pool'), seed };
  if (method === 'TRANSFER') {
    const { samples = 10, heldOut = 20 } = options as { samples?: number; heldOut?: number };
    const answer = await ask(TransferProfileDocument, { input: { ...input, samples, heldOut, sources: [] } });
    if (!answer.ok) return { failure: answer.failure };
    redirect(`/runs/${encodeURIComponent(answer.data.transferProfile.profileRun.id)}`);
  }
  const answer = await ask(StartProfileDocument, { input: { ...input, method, options } });
  if (!answer.ok) return { failure: answer.failure };
  redirect(`/runs/${encodeURIComponent(answer.data.startProfile.profileRun.id)}`);
}

function optionsIn(json: string): Record<string, unknown> | null {
  if (json === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** Takes in a table that was measured elsewhere and goes to its card; the failure with every problem otherwise. */
export async function importProfile(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const file = form.get('file');
  const isFile = file instanceof File && file.size > 0;
  if (isFile && file.size > 4_000_000)
    return { code: 'PAYLOAD_TOO_LARGE', message: 'The file is larger than 4 MB.', requestId: null };
  const content = isFile ? await file.text() : text(form, 'content');
  const answer = await ask(ImportProfileDocument, {
    input: {
      idempotencyKey: crypto.randomUUID(),
      spaceVersionId: text(form, 'version'),
      format: /^[[{]/.test(content.trimStart()) ? 'JSON' : 'CSV',
      content,
      source: text(form, 'source'),
      note: text(form, 'note'),
      target: {
        processor: text(form, 'processor'),
        runtime: text(form, 'runtime'),
        provider: text(form, 'provider') || 'cpu',
        precision: text(form, 'precision') || 'fp32',
        threads: Number(form.get('threads') ?? 1),
        batch: Number(form.get('batch') ?? 1),
      },
    },
  });
  if (!answer.ok) return answer.failure;
  redirect(`/profiles/${encodeURIComponent(answer.data.importProfile.deviceProfile.id)}`);
}
