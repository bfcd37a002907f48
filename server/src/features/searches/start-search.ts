import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../graphql/context.js';
import type { StartSearchInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedSeed } from '../../graphql/input-checks.js';
import { rowsById } from '../../graphql/listing.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import type { Platform } from '../../platform/platform.js';
import { AccuracySourceEntity } from '../accuracy/entities.js';
import { DeviceProfileEntity } from '../profiles/entities.js';
import { defaultProfile } from '../profiles/index.js';
import { SpaceVersionEntity } from '../spaces/entities.js';
import { enqueueRun } from './enqueue-run.js';
import { SearchRunEntity, type SearchRunRow } from './entities.js';
import { rootOf } from './evaluator.js';
import type { RunSubjects } from './run-subjects.js';
import { searchPlan } from './search-plan.js';

/**
 * Inserts a run a seed and enqueues them after the commit. Evaluations spent on pruning count towards the budget.
 * BAD_INPUT for a budget or seeds out of range, for a profile or source of another space, and for settings, limits or a warm
 * start that the sampler cannot have.
 */
export async function startSearch(
  platform: Platform,
  ctx: RequestContext,
  {
    idempotencyKey,
    sampler = 'REGULARIZED_EVOLUTION',
    budget: allowed = 3000,
    seeds = [0],
    ...rest
  }: StartSearchInput,
): Promise<SearchRunRow[]> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const input = { ...rest, sampler, budget: allowed, seeds };
  checkedInteger('input.budget', input.budget, 1, 1_000_000);
  checkedCount('input.seeds', input.seeds, 1, 100);
  input.seeds.forEach((seed, i) => checkedSeed(`input.seeds.${i}`, seed));
  if (new Set(input.seeds).size !== input.seeds.length)
    throw badInput('input.seeds', 'Each seed is given once.');
  const ids = idsIn(input);
  const runs = await ctx.read(async (tx) => {
    const { version, profile, source } = await namedSubjects(tx, ids);
    const plan = await searchPlan(tx, teamId, input, { version, profile, source });
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
            spaceVersionId: version.id,
            deviceProfileId: profile.id,
            accuracySourceId: source.id,
            sampler,
            ...plan,
            seed,
            external: source.kind === 'EXTERNAL',
          })),
        );
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'startSearch',
          subject: version.id,
          detail: { seeds: input.seeds, budget: plan.budget, sampler },
        });
        return runIds;
      },
    );
    return (await rowsById(tx, SearchRunEntity, result)).filter((run) => run !== null);
  });
  for (const run of runs) if (run.status === 'QUEUED') await enqueueRun(platform, run);
  return runs;
}

interface Ids {
  readonly version: string;
  readonly profile: string | null;
  readonly source: string;
}

const idsIn = (
  input: Pick<StartSearchInput, 'spaceVersionId' | 'deviceProfileId' | 'accuracySourceId'>,
): Ids => ({
  version: uuidOf('SpaceVersion', input.spaceVersionId, 'input.spaceVersionId'),
  profile:
    input.deviceProfileId == null
      ? null
      : uuidOf('DeviceProfile', input.deviceProfileId, 'input.deviceProfileId'),
  source: uuidOf('AccuracySource', input.accuracySourceId, 'input.accuracySourceId'),
});

/** What the search is to stand on, all of one space. */
async function namedSubjects(tx: Transaction, ids: Ids): Promise<RunSubjects> {
  const version = await tx.getRepository(SpaceVersionEntity).findOneBy({ id: ids.version });
  if (!version) throw notFound('SpaceVersion');
  const root = rootOf(version);
  const profile =
    ids.profile === null
      ? await defaultProfile(tx, { spaceVersionId: root })
      : await tx.getRepository(DeviceProfileEntity).findOneBy({ id: ids.profile });
  if (!profile && ids.profile === null)
    throw badInput('input.deviceProfileId', 'The space has no device profile yet.');
  if (!profile) throw notFound('DeviceProfile');
  const source = await tx.getRepository(AccuracySourceEntity).findOneBy({ id: ids.source });
  if (!source) throw notFound('AccuracySource');
  if (profile.spaceVersionId !== root)
    throw badInput('input.deviceProfileId', 'The profile is of another space.');
  if (source.spaceVersionId !== root)
    throw badInput('input.accuracySourceId', 'The accuracy source is of another space.');
  if (source.kind === 'TABLE' && !source.blobHash)
    throw badInput('input.accuracySourceId', 'The table of this source is not there.');
  return { version, profile, source };
}
