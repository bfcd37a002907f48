import type { RequestContext } from '../../graphql/context.js';
import type { GrantPoolInput } from '../../graphql/generated/resolvers.js';
import { checkedInteger, checkedNumber, checkedText } from '../../graphql/input-checks.js';
import { fromGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, notFound } from '../../platform/errors.js';
import { PoolGrantEntity, type PoolGrantRow, type PoolRow } from './entities.js';
import { ownPool } from './pools.js';

/** A thousand devices, all day. */
const MOST_SECONDS_A_DAY = 86_400_000;

/**
 * Lets another team use a pool, or changes how: quota, priority and expiry are those given, each time. NOT_FOUND for a team
 * that is not there: whoever grants knows its name already. BAD_INPUT for the pool's own team.
 */
export async function grantPool(ctx: RequestContext, input: GrantPoolInput): Promise<PoolGrantRow> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const poolId = uuidOf('Pool', input.poolId, 'input.poolId');
  const named = checkedText('input.team', input.team, 1, 100);
  const { quotaDeviceSecondsPerDay: quota } = input;
  const quotaSeconds =
    quota == null ? null : checkedNumber('input.quotaDeviceSecondsPerDay', quota, 1, MOST_SECONDS_A_DAY);
  const priority = checkedInteger('input.priority', input.priority ?? 5, 1, 10);
  const expiresAt = input.expiresAt == null ? null : new Date(input.expiresAt);
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw badInput('input.expiresAt', 'input.expiresAt is in the past; expected an instant to come.');
  // The pool first: to whom it is not theirs, no team's name is answered.
  await ctx.read((tx) => ownPool(tx, teamId, poolId));
  const granteeId = await teamNamed(ctx, named);
  if (granteeId === teamId) throw badInput('input.team', 'The pool is this team’s own.');
  return ctx.read(async (tx) => {
    await ownPool(tx, teamId, poolId);
    const [grant] = await tx.query<{ id: string }[]>(
      `insert into pool_grants (team_id, pool_id, grantee_id, quota_seconds, priority, expires_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (pool_id, grantee_id) where revoked_at is null
         do update set quota_seconds = excluded.quota_seconds, priority = excluded.priority, expires_at = excluded.expires_at
       returning id`,
      [teamId, poolId, granteeId, quotaSeconds, priority, expiresAt],
    );
    if (!grant) throw new Error('The grant was not stored.');
    const detail = { poolId, granteeId, quotaSeconds, priority, expiresAt };
    await audit(tx, {
      teamId,
      actor: actorOf(ctx.principal),
      action: 'grantPool',
      subject: grant.id,
      detail,
    });
    return tx.getRepository(PoolGrantEntity).findOneByOrFail({ id: grant.id });
  });
}

/** Ends a grant; what is being measured is finished, what waits is not begun. Ending it twice is ending it once. */
export async function revokeGrant(ctx: RequestContext, grantId: string): Promise<PoolRow> {
  const teamId = authorise(ctx, 'DEVICES_WRITE');
  const id = uuidOf('PoolGrant', grantId, 'input.grantId');
  return ctx.read(async (tx) => {
    const grant = await tx.getRepository(PoolGrantEntity).findOneBy({ id, teamId });
    if (!grant) throw notFound('PoolGrant');
    const [revoked] = await tx.query<[unknown[], number]>(
      'update pool_grants set revoked_at = now() where id = $1 and revoked_at is null returning id',
      [id],
    );
    if (revoked.length > 0)
      await audit(tx, {
        teamId,
        actor: actorOf(ctx.principal),
        action: 'revokeGrant',
        subject: id,
        detail: { poolId: grant.poolId, granteeId: grant.granteeId },
      });
    return ownPool(tx, teamId, grant.poolId);
  });
}

/** Grants of a pool that stand and that the caller may see: all for its owner, its own for another team. */
export function grantsOf(tx: Transaction, poolId: string): Promise<PoolGrantRow[]> {
  return tx
    .getRepository(PoolGrantEntity)
    .createQueryBuilder('g')
    .where('g.pool_id = :poolId and g.revoked_at is null', { poolId })
    .orderBy('g.created_at')
    .addOrderBy('g.id')
    .getMany();
}

/** The team of a short name or global id, which the caller need not be a member of. */
async function teamNamed(ctx: RequestContext, named: string): Promise<string> {
  const parsed = fromGlobalId(named);
  const namedTeam = parsed?.type === 'Team' ? parsed.uuid : named;
  const found = await ctx.inScope({ namedTeam, publicRows: false }, (tx) =>
    tx.query<{ id: string }[]>('select id from teams where slug = $1 or id::text = $1', [namedTeam]),
  );
  const id = found[0]?.id;
  if (id === undefined) throw notFound('Team');
  return id;
}
