import { checkedInteger } from '../../graphql/input-checks.js';
import type { Transaction } from '../../platform/database/tenancy.js';

/** What a team used of a pool on one day. */
export interface PoolUse {
  readonly teamId: string;
  /** Midnight UTC. */
  readonly day: string;
  readonly deviceSeconds: number;
  readonly measurements: number;
}

/** Use of a pool by team and day of the last `days` days, today included, as far as the caller may see it: newest first. */
export async function usageOf(tx: Transaction, poolId: string, days: number): Promise<PoolUse[]> {
  checkedInteger('days', days, 1, 90);
  return tx.query<PoolUse[]>(
    `select team_id as "teamId", day::text || 'T00:00:00Z' as day,
       greatest(0, sum(device_ms)) / 1000 as "deviceSeconds", sum(measurements)::int as measurements
     from pool_usage
     where pool_id = $1 and day > (now() at time zone 'utc')::date - $2::int
     group by team_id, day order by day desc, sum(device_ms) desc, team_id`,
    [poolId, days],
  );
}
