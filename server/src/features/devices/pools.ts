import type { RequestContext } from '../../graphql/context.js';
import type { CreatePoolInput } from '../../graphql/generated/resolvers.js';
import { checkedText } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { EspalierError, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import { PoolEntity, type PoolRow } from './entities.js';
import { mintPairingCode, pairingCodeHash } from './pairing-code.js';

/** Makes a pool. CONFLICT when the team has one of that name. */
export async function createPool(
  ctx: RequestContext,
  { idempotencyKey: key, ...input }: CreatePoolInput,
): Promise<PoolRow> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const name = checkedText('input.name', input.name, 1, 100);
  return ctx.read(async (tx) => {
    const { result: id } = await idempotent(tx, { teamId, operation: 'createPool', key, input }, async () => {
      const [pool] = await tx.query<{ id: string }[]>(
        'insert into pools (team_id, name) values ($1, $2) on conflict (team_id, name) do nothing returning id',
        [teamId, name],
      );
      if (!pool)
        throw new EspalierError('CONFLICT', `The team has a pool called ${name}.`, { field: 'input.name' });
      await audit(tx, {
        teamId,
        actor: actorOf(ctx.principal),
        action: 'createPool',
        subject: pool.id,
        detail: { name },
      });
      return pool.id;
    });
    return ownPool(tx, teamId, id);
  });
}

/** Gives a pool another name. CONFLICT when the team has another one of that name. */
export async function renamePool(
  ctx: RequestContext,
  input: { readonly poolId: string; readonly name: string },
): Promise<PoolRow> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const poolId = uuidOf('Pool', input.poolId, 'input.poolId');
  const name = checkedText('input.name', input.name, 1, 100);
  return ctx.read(async (tx) => {
    const pool = await ownPool(tx, teamId, poolId);
    const [namesake] = await tx.query<unknown[]>(
      'select 1 from pools where team_id = $1 and name = $2 and id <> $3',
      [teamId, name, poolId],
    );
    if (namesake)
      throw new EspalierError('CONFLICT', `The team has a pool called ${name}.`, { field: 'input.name' });
    await tx.getRepository(PoolEntity).update({ id: poolId }, { name });
    await audit(tx, {
      teamId,
      actor: actorOf(ctx.principal),
      action: 'renamePool',
      subject: poolId,
      detail: { from: pool.name, name },
    });
    return { ...pool, name };
  });
}

/** A code that lets one device into a pool: shown once, hashed at rest, good for ten minutes. */
export async function createPairingCode(
  ctx: RequestContext,
  poolGlobalId: string,
): Promise<{ code: string; expiresAt: Date }> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const poolId = uuidOf('Pool', poolGlobalId, 'input.poolId');
  const code = mintPairingCode();
  return ctx.read(async (tx) => {
    await ownPool(tx, teamId, poolId);
    // Old codes are of no use to anybody; a new one is a good moment to forget them.
    await tx.query(`delete from pairing_codes where team_id = $1 and expires_at < now() - interval '1 day'`, [
      teamId,
    ]);
    const [made] = await tx.query<{ expires_at: Date }[]>(
      `insert into pairing_codes (team_id, pool_id, secret_hash, expires_at)
       values ($1, $2, $3, now() + interval '10 minutes') returning expires_at`,
      [teamId, poolId, pairingCodeHash(code)],
    );
    if (!made) throw new Error('The pairing code was not stored.');
    await audit(tx, { teamId, actor: actorOf(ctx.principal), action: 'createPairingCode', subject: poolId });
    return { code, expiresAt: made.expires_at };
  });
}

/** A pool of this team; NOT_FOUND otherwise. */
export async function ownPool(tx: Transaction, teamId: string, id: string): Promise<PoolRow> {
  const pool = await tx.getRepository(PoolEntity).findOneBy({ id, teamId });
  if (!pool) throw notFound('Pool');
  return pool;
}
