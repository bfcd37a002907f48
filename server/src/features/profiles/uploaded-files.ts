import type { Transaction } from '../../platform/database/tenancy.js';

/** Whether a device is measuring an uploaded model just now. */
export function isMeasuringModel(tx: Transaction, deviceId: string, modelId: string): Promise<boolean> {
  return tx
    .query<unknown[]>(
      `select 1 from measurements m join profile_runs r on r.id = m.profile_run_id
       where r.model_id = $2 and r.status in ('QUEUED', 'RUNNING')
         and m.device_id = $1 and m.status = 'LEASED' and m.lease_expires_at > now() limit 1`,
      [deviceId, modelId],
    )
    .then((rows) => rows.length > 0);
}

/** Whether a device is measuring just now in a space that has an uploaded model, by its SHA-256, among its blocks. */
export function isMeasuringBlock(tx: Transaction, deviceId: string, contentHash: Buffer): Promise<boolean> {
  return tx
    .query<unknown[]>(
      `select 1 from measurements m join profile_runs r on r.id = m.profile_run_id
       join space_version_blocks b on b.space_version_id = r.space_version_id
       where b.content_hash = $2 and r.status in ('QUEUED', 'RUNNING')
         and m.device_id = $1 and m.status = 'LEASED' and m.lease_expires_at > now() limit 1`,
      [deviceId, contentHash],
    )
    .then((rows) => rows.length > 0);
}
