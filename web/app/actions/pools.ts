'use server';

import { randomUUID } from 'node:crypto';
import { revalidatePath } from 'next/cache';
import {
  CancelMaintenanceDocument,
  CreatePoolDocument,
  GrantPoolDocument,
  QuarantineDeviceDocument,
  ReleaseDeviceDocument,
  RemoveDeviceDocument,
  RenamePoolDocument,
  RevokeGrantDocument,
  ScheduleMaintenanceDocument,
} from '@/graphql/generated/documents';
import { ask, type Answer, type Failure } from '@/server/api';

export type PoolAction =
  | 'create'
  | 'rename'
  | 'grant'
  | 'revoke'
  | 'schedule'
  | 'cancel-maintenance'
  | 'quarantine'
  | 'release'
  | 'remove';

/** What came of the last try: `done` counts those that worked, so that a form can begin anew after each. */
export interface PoolChange {
  readonly done: number;
  readonly failure: Failure | null;
}

/** Changes a pool or a device of it as a form says; the failure when the API refuses. */
export async function changePool(previous: PoolChange, form: FormData): Promise<PoolChange> {
  const answer = await send(String(form.get('action')) as PoolAction, (name) =>
    String(form.get(name) ?? '').trim(),
  );
  revalidatePath('/devices');
  return answer.ok
    ? { done: previous.done + 1, failure: null }
    : { done: previous.done, failure: answer.failure };
}

function send(action: PoolAction, text: (name: string) => string): Promise<Answer<unknown>> {
  const id = text('id');
  switch (action) {
    case 'create':
      return ask(CreatePoolDocument, { input: { idempotencyKey: randomUUID(), name: text('name') } });
    case 'rename':
      return ask(RenamePoolDocument, { input: { poolId: id, name: text('name') } });
    case 'grant':
      return ask(GrantPoolDocument, {
        input: {
          poolId: id,
          team: text('team'),
          priority: Number(text('priority')),
          quotaDeviceSecondsPerDay: text('minutes') ? Number(text('minutes')) * 60 : null,
          expiresAt: text('expires') ? `${text('expires')}T23:59:59Z` : null,
        },
      });
    case 'revoke':
      return ask(RevokeGrantDocument, { input: { grantId: id } });
    case 'schedule':
      return ask(ScheduleMaintenanceDocument, {
        input: {
          idempotencyKey: randomUUID(),
          poolId: id,
          deviceId: text('device') || null,
          startsAt: utc(text('starts')),
          endsAt: utc(text('ends')),
          reason: text('reason'),
        },
      });
    case 'cancel-maintenance':
      return ask(CancelMaintenanceDocument, { input: { maintenanceId: id } });
    case 'quarantine':
      return ask(QuarantineDeviceDocument, { input: { deviceId: id, reason: text('reason') } });
    case 'release':
      return ask(ReleaseDeviceDocument, { input: { deviceId: id } });
    case 'remove':
      return ask(RemoveDeviceDocument, { input: { deviceId: id } });
  }
}

/** A date and time of a form, which is labelled UTC. */
const utc = (local: string): string => `${local}Z`;
