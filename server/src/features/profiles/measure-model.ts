import type { RequestContext } from '../../graphql/context.js';
import type { MeasureModelInput } from '../../graphql/generated/resolvers.js';
import { checkedSeed } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { badInput, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import { ProfileRunEntity, type ProfileRunRow } from './entities.js';
import { targetOfPool } from '../devices/index.js';
import { storeRun } from './start-profile.js';

/**
 * Measures an uploaded model end to end on a pool's devices. BAD_INPUT when its batch is fixed and not the target's; CONFLICT
 * when the pool has no device.
 */
export async function measureModel(
  ctx: RequestContext,
  { idempotencyKey: key, seed: given = 0, ...rest }: MeasureModelInput,
): Promise<ProfileRunRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const seed = checkedSeed('input.seed', given);
  const input = { ...rest, seed };
  const poolId = uuidOf('Pool', input.poolId, 'input.poolId');
  const targetId = input.targetId == null ? null : uuidOf('HardwareTarget', input.targetId, 'input.targetId');
  const model = await ctx.load('Model', uuidOf('Model', input.modelId, 'input.modelId'));
  if (!model) throw notFound('Model');
  return ctx.read(async (tx) => {
    const call = { teamId, operation: 'measureModel', key, input };
    const { result: id } = await idempotent(tx, call, async () => {
      const target = await targetOfPool(tx, teamId, poolId, targetId);
      const fixed = model.inspection.inputs.map(({ shape }) => shape[0]).find((size) => size != null);
      if (fixed !== undefined && fixed !== target.batch)
        throw badInput(
          'input.modelId',
          `The model takes a batch of ${fixed}, the pool’s target measures ${target.batch}; export it with an open batch.`,
        );
      const contentHash = model.contentHash.toString('hex');
      const id = await storeRun(
        tx,
        {
          teamId,
          kind: 'MODEL',
          method: 'ISOLATED',
          spaceVersionId: null,
          modelId: model.id,
          poolId,
          target,
          deviceProfileId: null,
          seed,
          options: {},
        },
        [{ subject: { kind: 'MODEL', modelId: input.modelId, contentHash }, purpose: 'ARCHITECTURE' }],
      );
      const detail = { modelId: model.id, poolId };
      await audit(tx, { teamId, actor: actorOf(ctx.principal), action: 'measureModel', subject: id, detail });
      return id;
    });
    return tx.getRepository(ProfileRunEntity).findOneByOrFail({ id });
  });
}
