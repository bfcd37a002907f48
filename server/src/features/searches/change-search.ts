import type { RequestContext } from '../../graphql/context.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { enqueueRun } from './enqueue-run.js';
import { SearchRunEntity, type SearchRunRow } from './entities.js';
import { tryFailedAnew } from './external/held-run.js';

/** Stops a run at its next checkpoint. A run that has ended stays as it is. */
export async function stopSearch(
  platform: Platform,
  ctx: RequestContext,
  runId: string,
): Promise<SearchRunRow> {
  const run = await changeStatus(
    ctx,
    runId,
    `status in ('QUEUED', 'RUNNING')`,
    `status = 'STOPPED', ended_at = now()`,
    'stopSearch',
  );
  await platform.events.publish({
    runId: run.id,
    status: run.status,
    done: run.evaluations,
    total: run.budget,
  });
  return run;
}

/** Goes on from the last checkpoint of a stopped or failed run. Any other run stays as it is. */
export async function resumeSearch(
  platform: Platform,
  ctx: RequestContext,
  runId: string,
): Promise<SearchRunRow> {
  const run = await changeStatus(
    ctx,
    runId,
    `status in ('STOPPED', 'FAILED')`,
    `status = 'QUEUED', error = null, ended_at = null`,
    'resumeSearch',
  );
  if (run.status === 'QUEUED') await enqueueRun(platform, run);
  return run;
}

async function changeStatus(
  ctx: RequestContext,
  runId: string,
  when: string,
  set: string,
  action: string,
): Promise<SearchRunRow> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const id = uuidOf('SearchRun', runId, 'input.searchRunId');
  return ctx.read(async (tx) => {
    const own = await tx.getRepository(SearchRunEntity).findOneBy({ id, teamId });
    if (!own) throw notFound('SearchRun');
    const changed = await tx.query<[unknown[], number]>(
      `update search_runs set ${set} where id = $1 and ${when}`,
      [id],
    );
    if (changed[1] > 0 && own.external && action === 'resumeSearch') await tryFailedAnew(tx, id);
    if (changed[1] > 0) await audit(tx, { teamId, actor: actorOf(ctx.principal), action, subject: id });
    return tx.getRepository(SearchRunEntity).findOneByOrFail({ id });
  });
}
