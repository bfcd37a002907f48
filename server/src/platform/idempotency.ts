import { createHash } from 'node:crypto';
import type { TeamId, Transaction } from './database/tenancy.js';
import { EspalierError } from './errors.js';

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface IdempotentCall {
  readonly teamId: TeamId;
  /** Name of the mutation: a key is good for one of them. */
  readonly operation: string;
  /** The caller's UUID. */
  readonly key: string;
  /** The whole input, without the key. */
  readonly input: unknown;
}

/**
 * Runs `work` once for a key. The same key with the same input gives the first result again; with another input it is
 * IDEMPOTENCY_MISMATCH. `work` runs in `tx`, so that result and effect are stored together or not at all; a second call
 * at the same time waits for the first. Results are ids, never secrets.
 */
export async function idempotent<T extends JsonValue>(
  tx: Transaction,
  { teamId, operation, key, input }: IdempotentCall,
  work: () => Promise<T>,
): Promise<{ result: T; replayed: boolean }> {
  const hash = createHash('sha256')
    .update(`${operation}\n${canonical(input)}`)
    .digest();
  // Two calls with one key at once: the second waits here until the first has ended.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${teamId}:${key}`]);
  const [stored] = await tx.query<{ operation: string; input_hash: Buffer; result: T }[]>(
    'select operation, input_hash, result from idempotency_keys where team_id = $1 and key = $2',
    [teamId, key],
  );
  if (stored) {
    if (stored.operation !== operation || !hash.equals(stored.input_hash))
      throw new EspalierError('IDEMPOTENCY_MISMATCH', 'This idempotencyKey was used with another input.', {
        field: 'input.idempotencyKey',
      });
    return { result: stored.result, replayed: true };
  }
  const result = await work();
  await tx.query(
    'insert into idempotency_keys (team_id, key, operation, input_hash, result) values ($1, $2, $3, $4, $5)',
    [teamId, key, operation, hash, JSON.stringify(result)],
  );
  return { result, replayed: false };
}

/** JSON with sorted keys, so that the order of a caller's fields does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
