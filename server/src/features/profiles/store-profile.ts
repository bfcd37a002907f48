import type { Transaction } from '../../platform/database/tenancy.js';
import type { DeviceProfileRow } from './entities.js';

/** A profile before the database has given it its id, its number in its series and its time. */
export type NewProfile = Omit<DeviceProfileRow, 'id' | 'version' | 'visibility' | 'createdAt'>;

/** Stores a private profile and returns its id. */
export async function storeProfile(tx: Transaction, profile: NewProfile): Promise<string> {
  const [stored] = await tx.query<{ id: string }[]>(
    `insert into device_profiles
       (team_id, profile_run_id, space_version_id, target_id, method, latency_table, quality, details, parent_id,
        overrides, note, options, environment, reference_readings, unstable, samples_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id`,
    [
      profile.teamId,
      profile.profileRunId,
      profile.spaceVersionId,
      profile.targetId,
      profile.method,
      JSON.stringify(profile.latencyTable),
      JSON.stringify(profile.quality),
      JSON.stringify(profile.details),
      profile.parentId,
      JSON.stringify(profile.overrides),
      profile.note,
      profile.options === null ? null : JSON.stringify(profile.options),
      JSON.stringify(profile.environment),
      JSON.stringify(profile.referenceReadings),
      JSON.stringify(profile.unstable),
      profile.samplesHash,
    ],
  );
  if (!stored) throw new Error('The profile was not stored.');
  return stored.id;
}
