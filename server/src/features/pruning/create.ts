import type { RequestContext } from '../../graphql/context.js';
import type { CreatePrunedSpaceInput } from '../../graphql/generated/resolvers.js';
import { checkedText } from '../../graphql/input-checks.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import type { Platform } from '../../platform/platform.js';
import type { AnswersOf } from '../accuracy/index.js';
import { SearchSpaceEntity, SpaceVersionEntity, type SpaceVersionRow } from '../spaces/entities.js';
import { storeVersion } from '../spaces/index.js';
import { decide } from './decide.js';
import type { Evaluation } from './evaluated-networks.js';
import { labelOf } from './explain.js';

/** Derives a pruned version of one of the team's spaces, with the networks that were evaluated to decide. */
export async function createPrunedSpace(
  platform: Platform,
  ctx: RequestContext,
  answersOf: AnswersOf,
  { idempotencyKey, pruning, label }: CreatePrunedSpaceInput,
): Promise<SpaceVersionRow> {
  const teamId = authorise(ctx, 'SPACES_WRITE');
  const { version, space, decision, settings, record, evaluations } = await decide(
    platform,
    ctx,
    answersOf,
    pruning,
    'input.pruning',
  );
  const name = label == null ? labelOf(settings, record.seed) : checkedText('input.label', label, 1, 100);
  return ctx.read(async (tx) => {
    const owner = await tx.getRepository(SearchSpaceEntity).findOneBy({ id: version.spaceId, teamId });
    if (!owner) throw notFound('SearchSpace');
    const call = { teamId, operation: 'createPrunedSpace', key: idempotencyKey, input: { pruning, label } };
    const { result: id } = await idempotent(tx, call, async () => {
      const { row, made } = await storeVersion(tx, {
        teamId,
        spaceId: owner.id,
        visibility: owner.visibility,
        label: name,
        parsed: { space, kept: decision.kept },
        parentId: version.id,
        pruning: record,
      });
      if (made) {
        await storeEvaluations(tx, teamId, row.id, evaluations);
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'createPrunedSpace',
          subject: row.id,
          detail: { rule: record.rule, ratio: record.ratio },
        });
      }
      return row.id;
    });
    return tx.getRepository(SpaceVersionEntity).findOneByOrFail({ id });
  });
}

async function storeEvaluations(
  tx: Transaction,
  teamId: TeamId,
  versionId: string,
  evaluations: readonly Evaluation[],
): Promise<void> {
  await tx.query(
    `insert into pruning_evaluations (team_id, space_version_id, ordinal, encoding, accuracy)
     select $1, $2, ordinal, encoding::smallint[], accuracy from unnest($3::int[], $4::text[], $5::float8[]) as e (ordinal, encoding, accuracy)`,
    [
      teamId,
      versionId,
      evaluations.map((_, i) => i + 1),
      evaluations.map(({ encoding }) => `{${encoding.join(',')}}`),
      evaluations.map(({ accuracy }) => accuracy),
    ],
  );
}
