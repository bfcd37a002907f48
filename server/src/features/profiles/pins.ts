import type { RequestContext } from '../../graphql/context.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import { DeviceProfileEntity, type DeviceProfileRow } from './entities.js';

/** Makes a visible profile the team's choice for its space and target, instead of any other; or takes that back. */
export async function setPin(
  ctx: RequestContext,
  deviceProfileId: string,
  pinned: boolean,
): Promise<DeviceProfileRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const id = uuidOf('DeviceProfile', deviceProfileId, 'input.deviceProfileId');
  return ctx.read(async (tx) => {
    const profile = await tx.getRepository(DeviceProfileEntity).findOneBy({ id });
    if (!profile) throw notFound('DeviceProfile');
    if (pinned)
      await tx.query(
        `insert into device_profile_pins (team_id, space_id, target_fingerprint, device_profile_id)
         select $1, v.space_id, t.fingerprint, p.id from device_profiles p
           join space_versions v on v.id = p.space_version_id join hardware_targets t on t.id = p.target_id
         where p.id = $2
         on conflict (team_id, space_id, target_fingerprint) do update
           set device_profile_id = excluded.device_profile_id, created_at = now()`,
        [teamId, id],
      );
    else
      await tx.query('delete from device_profile_pins where team_id = $1 and device_profile_id = $2', [
        teamId,
        id,
      ]);
    const action = pinned ? 'pinProfile' : 'unpinProfile';
    await audit(tx, { teamId, actor: actorOf(ctx.principal), action, subject: id });
    return profile;
  });
}

/** What a default is asked for. */
export interface DefaultOf {
  /** UUIDs; one of space and version is enough. */
  readonly spaceId?: string;
  readonly spaceVersionId?: string;
  readonly targetId?: string | null;
}

/**
 * The profile that is meant when none is named: the one pinned last, else the team's newest, else the newest that it may
 * see. A pin on what is not visible any more counts for nothing. Null when there is no profile.
 */
export async function defaultProfile(
  tx: Transaction,
  { spaceId, spaceVersionId, targetId }: DefaultOf,
): Promise<DeviceProfileRow | null> {
  const [found] = await tx.query<{ id: string }[]>(
    `select p.id from device_profiles p
       join space_versions v on v.id = p.space_version_id
       join hardware_targets t on t.id = p.target_id
       left join device_profile_pins pin on pin.device_profile_id = p.id and pin.team_id = app_team()
     where ($1::uuid is null or v.space_id = $1) and ($2::uuid is null or v.id = $2)
       and ($3::uuid is null or t.fingerprint = (select fingerprint from hardware_targets where id = $3))
     order by pin.created_at desc nulls last, (p.team_id = app_team()) desc nulls last, p.created_at desc, p.id desc
     limit 1`,
    [spaceId ?? null, spaceVersionId ?? null, targetId ?? null],
  );
  return found ? tx.getRepository(DeviceProfileEntity).findOneBy({ id: found.id }) : null;
}
