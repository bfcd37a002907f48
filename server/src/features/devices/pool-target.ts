import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { EspalierError, notFound } from '../../platform/errors.js';
import { HardwareTargetEntity, PoolEntity } from './entities.js';
import { targetFor, type TargetFacts } from './targets.js';

/** A target that a pool measures for, as a row of the team that asks. */
export interface PoolTarget {
  readonly id: string;
  readonly fingerprint: string;
  readonly batch: number;
}

/**
 * The target that a pool, the team's own or a granted one, measures for: the given one, or the first of the device heard
 * from last. A target of another team's pool becomes one of this team's too, since its results will stand on it. NOT_FOUND
 * for a pool or target that the team does not see; CONFLICT when no device of the pool measures for it.
 */
export async function targetOfPool(
  tx: Transaction,
  teamId: TeamId,
  poolId: string,
  targetId: string | null,
): Promise<PoolTarget> {
  if (!(await tx.getRepository(PoolEntity).existsBy({ id: poolId }))) throw notFound('Pool');
  const wanted =
    targetId === null ? null : await tx.getRepository(HardwareTargetEntity).findOneBy({ id: targetId });
  if (targetId !== null && !wanted) throw notFound('HardwareTarget');
  const [found] = await tx.query<(TargetFacts & PoolTarget & { team_id: string })[]>(
    `select t.* from device_targets declared
       join devices d on d.id = declared.device_id join hardware_targets t on t.id = declared.target_id
     where declared.pool_id = $1 and ($2::text is null or declared.fingerprint = $2)
     order by d.last_seen_at desc nulls last, d.id, declared.ordinal limit 1`,
    [poolId, wanted?.fingerprint ?? null],
  );
  if (!found)
    throw new EspalierError(
      'CONFLICT',
      targetId === null
        ? 'The pool has no device: pair one first.'
        : 'The pool has no device of that target.',
      { field: 'input.poolId' },
    );
  const { fingerprint, batch } = found;
  const id = found.team_id === teamId ? found.id : await targetFor(tx, teamId, found);
  return { id, fingerprint, batch };
}
