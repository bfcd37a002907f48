import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../graphql/context.js';
import type { StartSearchInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedSeed } from '../../graphql/input-checks.js';
import { rowsById } from '../../graphql/listing.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { badInput, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import type { Platform } from '../../platform/platform.js';
import { AccuracySourceEntity } from '../accuracy/entities.js';
import { DeviceProfileEntity } from '../profiles/entities.js';
import { defaultProfile } from '../profiles/index.js';
import { SpaceVersionEntity } from '../spaces/entities.js';
import { SearchRunEntity, type SearchRunRow } from './entities.js';
import { rootOf } from './evaluator.js';
import { tryFailedAnew } from './external/held-run.js';

/**
 * Inserts a run a seed and enqueues them after the commit. Evaluations spent on pruning count towards the budget.
 * BAD_INPUT for a budget or seeds out of range and for a profile or source of another space.
 */
export async function startSearch(
  platform: Platform,
  ctx: RequestContext,
  {
    idempotencyKey,
    sampler = 'REGULARIZED_EVOLUTION',
    budget: allowed = 3000,
    seeds = [0],
    ...ids
  }: StartSearchInput,
): Promise<SearchRunRow[]> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const input = { ...ids, sampler, budget: allowed, seeds };
  const budget = checkedInteger('input.budget', input.budget, 1, 1_000_000);
  checkedCount('input.seeds', input.seeds, 1, 100);
  input.seeds.forEach((seed, i) => checkedSeed(`input.seeds.${i}`, seed));
  if (new Set(input.seeds).size !== input.seeds.length)
    throw badInput('input.seeds', 'Each seed is given once.');
  const versionId = uuidOf('SpaceVersion', input.spaceVersionId, 'input.spaceVersionId');
  const named =
    input.deviceProfileId == null
      ? null
      : uuidOf('DeviceProfile', input.deviceProfileId, 'input.deviceProfileId');
  const sourceId = uuidOf('AccuracySource', input.accuracySourceId, 'input.accuracySourceId');
  const runs = await ctx.read(async (tx) => {
    const version = await tx.getRepository(SpaceVersionEntity).findOneBy({ id: versionId });
    if (!version) throw notFound('SpaceVersion');
    const root = rootOf(version);
    const profile =
      named === null
        ? await defaultProfile(tx, { spaceVersionId: root })
        : await tx.getRepository(DeviceProfileEntity).findOneBy({ id: named });
    if (!profile && named === null)
      throw badInput('input.deviceProfileId', 'The space has no device profile yet.');
    if (!profile) throw notFound('DeviceProfile');
    const profileId = profile.id;
    const source = await tx.getRepository(AccuracySourceEntity).findOneBy({ id: sourceId });
    if (!source) throw notFound('AccuracySource');
    if (profile.spaceVersionId !== root)
      throw badInput('input.deviceProfileId', 'The profile is of another space.');
    if (source.spaceVersionId !== root)
      throw badInput('input.accuracySourceId', 'The accuracy source is of another space.');
    if (source.kind === 'TABLE' && !source.blobHash)
      throw badInput('input.accuracySourceId', 'The table of this source is not there.');
    const prior = version.pruning?.evaluationCount ?? 0;
    if (sampler === 'REPRUNING_EVOLUTION' && version.pruning?.rule !== 'BLOCK_EFFECT')
      throw badInput('input.sampler', 'REPRUNING_EVOLUTION needs a version pruned by BLOCK_EFFECT.');
    if (prior >= budget)
      throw badInput(
        'input.budget',
        `Pruning has spent ${prior} evaluations already; the budget must exceed that.`,
      );
    if (prior > 0 && version.pruning?.accuracySourceId !== sourceId)
      throw badInput(
        'input.accuracySourceId',
        'The space was pruned by the evaluations of another accuracy source.',
      );
    const { result } = await idempotent(
      tx,
      { teamId, operation: 'startSearch', key: idempotencyKey, input },
      async () => {
        const runIds = input.seeds.map(() => randomUUID() as string);
        await tx.getRepository(SearchRunEntity).insert(
          input.seeds.map((seed, i) => ({
            id: runIds[i] ?? randomUUID(),
            teamId,
            visibility: 'PRIVATE' as const,
            spaceVersionId: versionId,
            deviceProfileId: profileId,
            accuracySourceId: sourceId,
            sampler,
            budget,
            priorEvaluations: prior,
            seed,
            external: source.kind === 'EXTERNAL',
          })),
        );
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'startSearch',
          subject: versionId,
          detail: { seeds: input.seeds, budget },
        });
        return runIds;
      },
    );
    return (await rowsById(tx, SearchRunEntity, result)).filter((run) => run !== null);
  });
  for (const run of runs) if (run.status === 'QUEUED') await enqueue(platform, run);
  return runs;
}

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
  if (run.status === 'QUEUED') await enqueue(platform, run);
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

/** Trainers ask for an EXTERNAL run's work themselves: no job waits for them. */
const enqueue = async (platform: Platform, run: SearchRunRow): Promise<void> => {
  if (run.external) return;
  // A lost enqueue is found by the worker's sweep: the committed row is what counts.
  await platform.queue.enqueue('search', { runId: run.id, teamId: run.teamId }).catch((err: unknown) => {
    platform.log.warn({ err, runId: run.id }, 'could not enqueue; the sweep will');
  });
};
