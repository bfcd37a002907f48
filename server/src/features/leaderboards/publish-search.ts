import type { RequestContext } from '../../graphql/context.js';
import type { PublishSearchInput, Visibility } from '../../graphql/generated/resolvers.js';
import { checkedCount } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import { HardwareTargetEntity } from '../devices/entities.js';
import { frontierOf, revealRuns, subjects } from '../searches/index.js';
import { SpaceVersionEntity } from '../spaces/entities.js';
import { LeaderboardEntity, type CloudPoint, type LeaderboardRow } from './entities.js';

/**
 * Merges the team's runs into the leaderboard of their task, target and space. Publishing again changes nothing;
 * publishing for everybody what was private widens who sees it. All of it is one transaction.
 */
export async function publishSearch(
  ctx: RequestContext,
  { idempotencyKey, visibility = 'PUBLIC', ...rest }: PublishSearchInput,
): Promise<LeaderboardRow> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const input = { ...rest, visibility };
  checkedCount('input.searchRunIds', input.searchRunIds, 1, 200);
  const runIds = input.searchRunIds.map((id) => uuidOf('SearchRun', id, 'input.searchRunIds'));
  return ctx.read(async (tx) => {
    const { runs, profile, source } = await subjects(tx, runIds, 'input.searchRunIds');
    // Another team's public run can be seen but not published.
    if ([...runs.values()].some((run) => run.teamId !== teamId)) throw notFound('SearchRun');
    const target = await tx.getRepository(HardwareTargetEntity).findOneBy({ id: profile.targetId });
    if (!target) throw notFound('HardwareTarget');
    const root = await tx.getRepository(SpaceVersionEntity).findOneBy({ id: profile.spaceVersionId });
    if (!root) throw notFound('SpaceVersion');
    const { result } = await idempotent(
      tx,
      { teamId, operation: 'publishSearch', key: idempotencyKey, input },
      async () => {
        const board = await boardOf(tx, {
          taskId: source.taskId,
          spaceId: root.spaceId,
          fingerprint: target.fingerprint,
          targetId: target.id,
        });
        const changed = await enterRuns(tx, { teamId, board, visibility, runIds });
        // Runs that are there already brought what they had.
        if (changed.length === 0) return board;
        await enterPoints(tx, { teamId, board, visibility, runIds: changed });
        await mergeEntries(tx, {
          teamId,
          board,
          visibility,
          runIds: changed,
          profileId: profile.id,
        });
        await tx.query(
          `update search_runs set published_at = coalesce(published_at, now()) where id = any($1)`,
          [changed],
        );
        if (visibility === 'PUBLIC') {
          await revealRuns(tx, changed);
          await tx.query('select leaderboard_changed($1)', [board]);
        }
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'publishSearch',
          subject: board,
          detail: { runs: changed.length, visibility },
        });
        return board;
      },
    );
    return tx.getRepository(LeaderboardEntity).findOneByOrFail({ id: result });
  });
}

interface Subject {
  readonly taskId: string;
  readonly spaceId: string;
  readonly fingerprint: string;
  readonly targetId: string;
}

/** The leaderboard of this task, space and target, made by the first publication. Others wait until this one ends. */
async function boardOf(
  tx: Transaction,
  { taskId, spaceId, fingerprint, targetId }: Subject,
): Promise<string> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [
    `${taskId}:${spaceId}:${fingerprint}`,
  ]);
  const [row] = await tx.query<{ id: string }[]>('select leaderboard_id_for($1, $2, $3, $4) as id', [
    taskId,
    spaceId,
    fingerprint,
    targetId,
  ]);
  if (!row) throw notFound('Leaderboard');
  return row.id;
}

interface Entering {
  readonly teamId: TeamId;
  readonly board: string;
  readonly visibility: Visibility;
  readonly runIds: readonly string[];
}

/** Puts runs on the leaderboard, or makes public those that were there privately; returns the ones that changed. */
async function enterRuns(
  tx: Transaction,
  { teamId, board, visibility, runIds }: Entering,
): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `insert into leaderboard_runs (team_id, visibility, leaderboard_id, search_run_id)
     select $1, $2, $3, unnest($4::uuid[])
     on conflict (leaderboard_id, search_run_id) do update set visibility = excluded.visibility
       where excluded.visibility = 'PUBLIC' and leaderboard_runs.visibility <> 'PUBLIC'
     returning search_run_id as id`,
    [teamId, visibility, board, runIds],
  );
  return rows.map((row) => row.id);
}

/** Adds what the runs evaluated to the cloud: a public point once for all teams, a private one once for its team. */
async function enterPoints(tx: Transaction, { teamId, board, visibility, runIds }: Entering): Promise<void> {
  await tx.query(
    `insert into leaderboard_points (team_id, visibility, leaderboard_id, architecture, accuracy, predicted_ms)
     select distinct on (architecture) $1::uuid, $2::visibility, $3::uuid, architecture, accuracy, latency_ms
     from trials where search_run_id = any($4) order by architecture
     on conflict do nothing`,
    [teamId, visibility, board, runIds],
  );
  if (visibility === 'PUBLIC')
    await tx.query(
      `delete from leaderboard_points p where p.leaderboard_id = $1 and p.team_id = $2 and p.visibility = 'PRIVATE'
         and exists (select from leaderboard_points o where o.leaderboard_id = p.leaderboard_id
           and o.architecture = p.architecture and o.visibility = 'PUBLIC')`,
      [board, teamId],
    );
}

interface Merge extends Entering {
  readonly profileId: string;
}

/**
 * Joins the runs' frontiers (of what keeps their limits) with the team's entries of the same visibility and keeps what is not dominated. A private
 * entry that is now published comes to stand for the published run, so that its readers can trace it.
 */
async function mergeEntries(
  tx: Transaction,
  { teamId, board, visibility, runIds, profileId }: Merge,
): Promise<void> {
  const toPoint = (row: {
    architecture: Buffer;
    accuracy: number;
    latency_ms: number;
    run: string | null;
  }): CloudPoint & { run: string | null } => ({
    architecture: row.architecture,
    accuracy: row.accuracy,
    latencyMs: row.latency_ms,
    run: row.run,
  });
  const trials = await tx.query<Parameters<typeof toPoint>[0][]>(
    `select distinct on (architecture) architecture, accuracy, latency_ms, search_run_id as run
     from trials where search_run_id = any($1) and within_limits order by architecture, ordinal`,
    [runIds],
  );
  const existing = await tx.query<Parameters<typeof toPoint>[0][]>(
    `select architecture, accuracy, predicted_ms as latency_ms, null as run from leaderboard_entries
     where leaderboard_id = $1 and team_id = $2 and visibility = $3`,
    [board, teamId, visibility],
  );
  // Entries that are there come first, so that of two equal architectures the published one stays.
  const front = frontierOf([...existing.map(toPoint), ...trials.map(toPoint)]);
  const stay = front.filter((point) => point.run === null).map((point) => point.architecture);
  await tx.query(
    `delete from leaderboard_entries where leaderboard_id = $1 and team_id = $2 and visibility = $3 and architecture <> all($4::bytea[])`,
    [board, teamId, visibility, stay],
  );
  const fresh = front.filter((point) => point.run !== null);
  await tx.query(
    `insert into leaderboard_entries (team_id, visibility, leaderboard_id, search_run_id, device_profile_id, architecture, encoding, accuracy, predicted_ms)
     select $1, $2, $3, run, $4, architecture, encoding::smallint[], accuracy, latency
     from unnest($5::uuid[], $6::bytea[], $7::text[], $8::float8[], $9::float8[]) as fresh (run, architecture, encoding, accuracy, latency)
     on conflict (leaderboard_id, team_id, architecture) do update
       set visibility = excluded.visibility, search_run_id = excluded.search_run_id,
         device_profile_id = excluded.device_profile_id, accuracy = excluded.accuracy, predicted_ms = excluded.predicted_ms
       where excluded.visibility = 'PUBLIC'`,
    [
      teamId,
      visibility,
      board,
      profileId,
      fresh.map((p) => p.run),
      fresh.map((p) => p.architecture),
      fresh.map((p) => `{${[...p.architecture].join(',')}}`),
      fresh.map((p) => p.accuracy),
      fresh.map((p) => p.latencyMs),
    ],
  );
}
