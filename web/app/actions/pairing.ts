'use server';

import { CreatePairingCodeDocument } from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';

export interface Pairing {
  code: string | null;
  failure: Failure | null;
}

/** A code, good once and for ten minutes, that lets an agent join the pool. */
export async function pair(_previous: Pairing, form: FormData): Promise<Pairing> {
  const answer = await ask(CreatePairingCodeDocument, { input: { poolId: String(form.get('pool') ?? '') } });
  return answer.ok
    ? { code: answer.data.createPairingCode.code, failure: null }
    : { code: null, failure: answer.failure };
}
