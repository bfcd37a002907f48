import type { RequestContext } from '../../graphql/context.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { EspalierError, notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { ProfileRunEntity, type ProfileRunRow } from './entities.js';
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
