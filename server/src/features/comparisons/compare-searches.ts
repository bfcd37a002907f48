import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../graphql/context.js';
import type { CompareSearchesInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedText } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { badInput } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import type { Platform } from '../../platform/platform.js';
import type { LookupOf } from '../accuracy/index.js';
import { revealRuns, succeededRuns } from '../searches/index.js';
import { SpaceVersionEntity } from '../spaces/entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { computeComparison } from './compute.js';
import { ComparisonEntity, type ComparisonRequest, type ComparisonRow } from './entities.js';
import { judgesOf } from './judges.js';
import { evaluationsWithin, paidBefore } from './paid-before.js';
import { isForRequest, MOST_EVALUATIONS, MOST_WITHOUT_TABLE } from './sizes.js';

/**
 * Stores a comparison of succeeded runs of one space, task and target. A small one is computed at once; a larger one waits for
 * a worker, so that no request takes long.
 */
export async function compareSearches(
  platform: Platform,
  lookupOf: LookupOf,
  ctx: RequestContext,
  { idempotencyKey, ...asked }: CompareSearchesInput,
): Promise<ComparisonRow> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const input = checked(asked);
  const { groups, baseline } = input;
  const runIds = groups.flatMap((group) => group.runIds);
  const comparison = await ctx.read(async (tx) => {
    const { runs } = await succeededRuns(tx, runIds, 'input.groups');
    if ([...runs.values()].some((run) => run.limits !== null))
      throw badInput(
        'input.groups',
        'A run has limits: it searched for a part of the front. Expected runs without.',
      );
    const { profile, source } = await judgesOf(tx, [...runs.values()], input);
    const before = await paidBefore(tx, runIds);
    const evaluations = new Map([...runs].map(([id, run]) => [id, evaluationsWithin(before, run)]));
    const total = checkedTotal([...evaluations.values()], source.complete);
    checkTarget(input, evaluations);
    const root = await tx.getRepository(SpaceVersionEntity).findOneByOrFail({ id: profile.spaceVersionId });
    const { result: id } = await idempotent(
      tx,
      { teamId, operation: 'compareSearches', key: idempotencyKey, input },
      async () => {
        const request: ComparisonRequest = {
          groups: [...groups],
          baseline,
          targetEvaluations: input.targetEvaluations,
          columns: input.columns,
          normalisation: input.normalisation,
          deviceProfileId: profile.id,
          accuracySourceId: source.id,
        };
        const isSmall = isForRequest(total, source.complete ? parsedSpace(root).space : null);
        const result = isSmall ? await computeComparison(tx, lookupOf, request) : null;
        const id = randomUUID();
        await tx.getRepository(ComparisonEntity).insert({
          id,
          teamId,
          visibility: input.visibility,
          name: input.name,
          spaceId: root.spaceId,
          taskId: source.taskId,
          targetId: profile.targetId,
          status: result ? 'SUCCEEDED' : 'QUEUED',
          // TypeORM's type of a jsonb column forbids the readonly and null parts that JSON has.
          request: request as never,
          result: result as never,
        });
        if (input.visibility === 'PUBLIC') await revealRuns(tx, runIds);
        await audit(tx, { teamId, actor: actorOf(ctx.principal), action: 'compareSearches', subject: id });
        return id;
      },
    );
    return tx.getRepository(ComparisonEntity).findOneByOrFail({ id });
  });
  if (comparison.status === 'QUEUED') await enqueue(platform, comparison);
  return comparison;
}

interface CheckedInput {
  readonly name: string;
  readonly groups: readonly { label: string; runIds: string[] }[];
  readonly baseline: string | null;
  readonly targetEvaluations: number;
  readonly columns: number[] | null;
  readonly normalisation: ComparisonRequest['normalisation'];
  readonly profileId: string | null;
  readonly sourceId: string | null;
  readonly visibility: ComparisonRow['visibility'];
}

/** What can be said of the input without looking at rows. */
function checked(input: Omit<CompareSearchesInput, 'idempotencyKey'>): CheckedInput {
  const name = checkedText('input.name', input.name, 1, 200);
  const { targetEvaluations = 2000, baseline = null, deviceProfileId, accuracySourceId } = input;
  checkedInteger('input.targetEvaluations', targetEvaluations, 1, 1_000_000);
  checkedCount('input.groups', input.groups, 2, 20);
  const groups = input.groups.map(({ label, searchRunIds }, i) => {
    checkedCount(`input.groups.${i}.searchRunIds`, searchRunIds, 1, 100);
    return {
      label: checkedText(`input.groups.${i}.label`, label, 1, 60),
      runIds: searchRunIds.map((id) => uuidOf('SearchRun', id, `input.groups.${i}.searchRunIds`)),
    };
  });
  const labels = groups.map(({ label }) => label);
  if (new Set(labels).size !== labels.length)
    throw badInput('input.groups', 'Labels differ from each other.');
  if (baseline !== null && !labels.includes(baseline))
    throw badInput('input.baseline', 'The baseline is the label of one of the groups.');
  return {
    name,
    groups,
    baseline,
    targetEvaluations,
    columns: input.columns == null ? null : checkedColumns(input.columns),
    normalisation: input.normalisation ?? 'REFERENCE_FRONT',
    profileId:
      deviceProfileId == null ? null : uuidOf('DeviceProfile', deviceProfileId, 'input.deviceProfileId'),
    sourceId:
      accuracySourceId == null ? null : uuidOf('AccuracySource', accuracySourceId, 'input.accuracySourceId'),
    visibility: input.visibility ?? 'PRIVATE',
  };
}

function checkedColumns(columns: readonly number[]): number[] {
  checkedCount('input.columns', columns, 1, 20);
  columns.forEach((column, i) => {
    checkedInteger(`input.columns.${i}`, column, 1, 1_000_000);
    const before = columns[i - 1];
    if (before !== undefined && before >= column)
      throw badInput(`input.columns.${i}`, `${column} follows ${before}; expected ascending numbers.`);
  });
  return [...columns];
}

function checkedTotal(evaluations: readonly number[], complete: boolean): number {
  const total = evaluations.reduce((sum, each) => sum + each, 0);
  const most = complete ? MOST_EVALUATIONS : MOST_WITHOUT_TABLE;
  if (total > most)
    throw badInput(
      'input.groups',
      `The runs have ${total} evaluations together; a comparison ${complete ? '' : 'without a full table '}takes at most ${most}.`,
    );
  return total;
}

function checkTarget(
  { groups, baseline, targetEvaluations, columns }: CheckedInput,
  evaluations: ReadonlyMap<string, number>,
): void {
  const longest = Math.max(...evaluations.values());
  if (columns && (columns[0] ?? 0) > longest)
    throw badInput('input.columns', `The longest run has ${longest} evaluations; no column is within that.`);
  const base = groups.find(({ label }) => label === baseline);
  if (!base) return;
  const shortest = Math.min(...base.runIds.map((id) => evaluations.get(id) ?? 0));
  if (shortest < targetEvaluations)
    throw badInput(
      'input.targetEvaluations',
      `A run of the baseline has ${shortest} evaluations; expected a target of at most that many.`,
    );
}

/** A lost enqueue is found by the worker's sweep: the committed row is what counts. */
async function enqueue(platform: Platform, { id, teamId }: ComparisonRow): Promise<void> {
  await platform.queue.enqueue('comparison', { runId: id, teamId }).catch((err: unknown) => {
    platform.log.warn({ err, comparisonId: id }, 'could not enqueue; the sweep will');
  });
}
