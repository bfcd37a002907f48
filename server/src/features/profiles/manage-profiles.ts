import type { RequestContext } from '../../graphql/context.js';
import type { ShareProfileInput } from '../../graphql/generated/resolvers.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { EspalierError, notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import {
  DeviceProfileEntity,
  ProfileRunEntity,
  type DeviceProfileRow,
  type ProfileRunRow,
} from './entities.js';
import { finishIfComplete, publish } from './finish.js';

/** Stops a campaign; results of leases that are out are refused from now on. CONFLICT when it has ended. */
export async function cancelProfile(
  platform: Platform,
  ctx: RequestContext,
  id: string,
): Promise<ProfileRunRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const runId = uuidOf('ProfileRun', id, 'input.profileRunId');
  const { run, standings } = await ctx.read(async (tx) => {
    const runs = tx.getRepository(ProfileRunEntity);
    // Only the campaign's row is touched: measurements are locked before it everywhere, see leases.ts.
    const [stopped] = await tx.query<[{ id: string }[], number]>(
      `update profile_runs set status = 'STOPPED', ended_at = now()
       where id = $1 and team_id = $2 and status in ('QUEUED', 'RUNNING') returning id`,
      [runId, teamId],
    );
    const run = await runs.findOneBy({ id: runId, teamId });
    if (!run) throw notFound('ProfileRun');
    if (stopped.length === 0)
      throw new EspalierError('CONFLICT', `The campaign has ended: it is ${run.status}.`, {
        field: 'input.profileRunId',
      });
    await audit(tx, { teamId, actor: actorOf(ctx.principal), action: 'cancelProfile', subject: runId });
    return { run, standings: await finishIfComplete(tx, new Map([[runId, 0]])) };
  });
  await publish(platform, standings);
  return run;
}

/**
 * Shows a profile to everybody, with its target and its measured networks, or to the team alone again. The target stays
 * public, since other results may stand on it. CONFLICT when the profile's space is private: nobody could read it.
 */
export async function shareProfile(
  ctx: RequestContext,
  { deviceProfileId, visibility }: ShareProfileInput,
): Promise<DeviceProfileRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const id = uuidOf('DeviceProfile', deviceProfileId, 'input.deviceProfileId');
  return ctx.read(async (tx) => {
    const profiles = tx.getRepository(DeviceProfileEntity);
    const profile = await profiles.findOneBy({ id });
    if (!profile) throw notFound('DeviceProfile');
    if (profile.teamId !== teamId)
      throw new EspalierError('FORBIDDEN', 'Only the team that owns a profile shares it.');
    if (visibility === 'PUBLIC') {
      const [version] = await tx.query<{ visibility: string }[]>(
        'select visibility from space_versions where id = $1',
        [profile.spaceVersionId],
      );
      if (version?.visibility !== 'PUBLIC')
        throw new EspalierError(
          'CONFLICT',
          'The profile’s search space is private: only profiles of public spaces can be public.',
          {
            field: 'input.visibility',
          },
        );
    }
    await profiles.update({ id }, { visibility });
    await tx.query('update architecture_latencies set visibility = $2 where device_profile_id = $1', [
      id,
      visibility,
    ]);
    if (visibility === 'PUBLIC')
      await tx.query(`update hardware_targets set visibility = 'PUBLIC' where id = $1`, [profile.targetId]);
    await audit(tx, {
      teamId,
      actor: actorOf(ctx.principal),
      action: 'shareProfile',
      subject: id,
      detail: { visibility },
    });
    return { ...profile, visibility };
  });
}
