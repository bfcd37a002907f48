import type { RequestContext } from '../../graphql/context.js';
import type { ShareProfileInput } from '../../graphql/generated/resolvers.js';
import { checkedCount } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import { DeviceProfileEntity, type DeviceProfileRow } from './entities.js';

/** Teams that a profile is shown to by name at most. */
const MOST_TEAMS = 50;

/**
 * Shows a profile to everybody, to the teams named, or to its own team alone, with its target and its measured networks.
 * What was shown before and is not any more is gone from the next request on; a target that was public stays it, since other
 * results may stand on it. CONFLICT when one who is to see the profile cannot see its space.
 */
export async function shareProfile(
  ctx: RequestContext,
  { deviceProfileId, visibility, teams = [] }: ShareProfileInput,
): Promise<DeviceProfileRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const id = uuidOf('DeviceProfile', deviceProfileId, 'input.deviceProfileId');
  checkedCount('input.teams', teams, 0, MOST_TEAMS);
  return ctx.read(async (tx) => {
    const profile = await ownProfile(tx, teamId, id);
    if (visibility === 'PUBLIC' && teams.length > 0)
      throw badInput('input.teams', 'A public profile is shown to every team: name none.');
    const space = await spaceOf(tx, profile);
    if (visibility === 'PUBLIC' && space.visibility !== 'PUBLIC')
      throw new EspalierError(
        'CONFLICT',
        'The profile’s search space is private: only profiles of public spaces can be public.',
        { field: 'input.visibility' },
      );
    const grantees: string[] = [];
    for (const [at, slug] of teams.entries()) {
      const field = `input.teams.${at}`;
      const grantee = await teamNamed(tx, slug);
      if (grantee === teamId) throw badInput(field, 'A team sees its own profiles.');
      if (space.visibility !== 'PUBLIC' && space.teamId !== grantee)
        throw new EspalierError(
          'CONFLICT',
          `${slug} cannot see the profile’s search space, which is private.`,
          {
            field,
          },
        );
      grantees.push(grantee);
    }
    await tx.query('update device_profiles set visibility = $2 where id = $1', [id, visibility]);
    await tx.query('update architecture_latencies set visibility = $2 where device_profile_id = $1', [
      id,
      visibility,
    ]);
    if (visibility === 'PUBLIC')
      await tx.query(`update hardware_targets set visibility = 'PUBLIC' where id = $1`, [profile.targetId]);
    await tx.query(
      'delete from device_profile_grants where device_profile_id = $1 and not (grantee_id = any($2::uuid[]))',
      [id, grantees],
    );
    await tx.query(
      `insert into device_profile_grants (team_id, device_profile_id, grantee_id)
       select $1, $2, unnest($3::uuid[]) on conflict do nothing`,
      [teamId, id, grantees],
    );
    await audit(tx, {
      teamId,
      actor: actorOf(ctx.principal),
      action: 'shareProfile',
      subject: id,
      detail: { visibility, teams },
    });
    return { ...profile, visibility };
  });
}

/** Locked until the end, so that what is measured for it at this moment is shown as it is. */
async function ownProfile(tx: Transaction, teamId: TeamId, id: string): Promise<DeviceProfileRow> {
  const profile = await tx.getRepository(DeviceProfileEntity).findOneBy({ id });
  if (!profile) throw notFound('DeviceProfile');
  if (profile.teamId !== teamId)
    throw new EspalierError('FORBIDDEN', 'Only the team that owns a profile shares it.');
  await tx.query('select from device_profiles where id = $1 for update', [id]);
  return profile;
}

async function spaceOf(
  tx: Transaction,
  { spaceVersionId }: DeviceProfileRow,
): Promise<{ visibility: string; teamId: string }> {
  const [space] = await tx.query<{ visibility: string; teamId: string }[]>(
    'select visibility, team_id as "teamId" from space_versions where id = $1',
    [spaceVersionId],
  );
  if (!space) throw notFound('SpaceVersion');
  return space;
}

/** The UUID of a team by its short name, which is all that is seen of it. NOT_FOUND when there is none. */
async function teamNamed(tx: Transaction, slug: string): Promise<string> {
  await tx.query(`select set_config('app.named_team', $1, true)`, [slug]);
  const [team] = await tx.query<{ id: string }[]>('select id from teams where slug = $1', [slug]);
  await tx.query(`select set_config('app.named_team', '', true)`);
  if (!team) throw notFound('Team');
  return team.id;
}
