import type { Transaction } from '../../platform/database/tenancy.js';
import { MAX_ATTEMPTS } from './take-leases.js';

/**
 * Leases of a pool that ran out: their measurements wait again, or are given up after MAX_ATTEMPTS. A steady result was
 * hoped for where an unsteady one is there: that one is taken. Returns how many measurements of which campaigns ended.
 * The device time that they were charged with stays charged: their device was theirs.
 */
export async function endExpired(tx: Transaction, poolId: string): Promise<ReadonlyMap<string, number>> {
  const [expired] = await tx.query<[{ runId: string; status: string }[], number]>(
    `with lost as (
       select id from measurements
       where pool_id = $1 and status = 'LEASED' and lease_expires_at <= now()
       order by id limit 500 for no key update skip locked)
     update measurements m set
       status = case when m.attempts < ${MAX_ATTEMPTS} then 'QUEUED' when m.floor_ms is null then 'FAILED' else 'DONE' end::measurement_status,
       error = case when m.attempts < ${MAX_ATTEMPTS} then m.error when m.floor_ms is null
         then coalesce(m.error, 'No result came within the lease, ' || m.attempts || ' times.') end,
       -- A late report finds nothing that is its own.
       fencing_number = null, device_id = case when m.floor_ms is null then null else m.device_id end,
       lease_expires_at = null, leased_at = null, expected_ms = null
     from lost where m.id = lost.id returning m.profile_run_id as "runId", m.status`,
    [poolId],
  );
  const ended = new Map<string, number>();
  for (const { runId, status } of expired)
    if (status !== 'QUEUED') ended.set(runId, (ended.get(runId) ?? 0) + 1);
  return ended;
}
