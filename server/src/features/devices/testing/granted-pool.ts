import { randomUUID } from 'node:crypto';
import { toGlobalId } from '../../../graphql/node-ids.js';
import { ask, type Answer } from '../../../platform/testing/ask.js';
import type { TestDatabase } from '../../../platform/testing/database.js';
import { pairedAgent, type TestAgent } from '../../profiles/testing/agents.js';
import { fashionTeam, type FashionTeam } from '../../testing/fashion.js';

const GRANT = `mutation ($input: GrantPoolInput!) { grantPool(input: $input) { grant {
  id team { name } pool { id name } quotaDeviceSecondsPerDay priority expiresAt } } }`;

/** A team with a pool and an agent, and one that was granted the pool. */
export interface GrantedPool {
  readonly owner: FashionTeam;
  readonly agent: TestAgent;
  readonly grantee: FashionTeam;
  readonly grantId: string;
}

export async function grantedPool(
  db: TestDatabase,
  terms: Record<string, unknown> = {},
): Promise<GrantedPool> {
  const owner = await fashionTeam(db);
  const grantee = await fashionTeam(db);
  const agent = await pairedAgent(db, owner.ctx, owner.poolId);
  const { data } = await grant(db, owner, grantee, terms);
  return { owner, agent, grantee, grantId: data.grantPool.grant.id };
}

/** Grants the owner's pool to a team, by its id. */
export const grant = (
  db: TestDatabase,
  owner: FashionTeam,
  grantee: Pick<FashionTeam, 'teamId'>,
  terms: Record<string, unknown> = {},
): Promise<Answer> =>
  ask(db, owner.ctx, GRANT, {
    input: { poolId: owner.poolId, team: toGlobalId('Team', grantee.teamId), ...terms },
  });

/** Starts a profile of a team's space on a pool. */
export const startProfile = (db: TestDatabase, team: FashionTeam, poolId: string): Promise<Answer> =>
  ask(
    db,
    team.ctx,
    'mutation ($input: StartProfileInput!) { startProfile(input: $input) { profileRun { id target { name } } } }',
    { input: { idempotencyKey: randomUUID(), spaceVersionId: team.versionId, poolId } },
  );

/** Queues a campaign of `count` networks as it stands in the tables: for tests that need many measurements. */
export async function queueNetworks(
  db: TestDatabase,
  team: Pick<FashionTeam, 'teamId'>,
  { poolId, count, fingerprint }: { poolId: string; count: number; fingerprint: string },
): Promise<string> {
  const [run] = await db.sql<{ id: string }>(
    `insert into profile_runs (team_id, kind, method, space_version_id, pool_id, target_id, target_fingerprint, device_profile_id,
       seed, measurement_count, open_count)
     select $1, 'ARCHITECTURES', 'ISOLATED', p.space_version_id, $2, p.target_id, $3, p.id, 0, $4, $4
     from device_profiles p where p.team_id = $1 limit 1 returning id`,
    [team.teamId, poolId, fingerprint, count],
  );
  await db.sql(
    `insert into measurements (team_id, profile_run_id, pool_id, ordinal, subject, purpose)
     select $1, $2, $3, n, jsonb_build_object('kind', 'NETWORK', 'encoding', jsonb_build_array(n % 27, n / 27 % 27, n / 729 % 27)),
       'ARCHITECTURE' from generate_series(0, $4 - 1) n`,
    [team.teamId, run?.id, poolId, count],
  );
  return run?.id ?? '';
}
