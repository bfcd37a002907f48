import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from './roles.js';

/**
 * Keeps what is read and written most cheap: trials checked against their run alone, a leaderboard's cloud once for
 * everybody, its extremes by index; and lets a leaderboard's time change only for those who see what changed.
 */
export class PublishedReads7 implements MigrationInterface {
  readonly name = 'PublishedReads1700000000007';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The run names the team already; checking it a second time for each of millions of rows halved the writing rate.
      alter table trials drop constraint trials_team_id_fkey;

      -- Whoever searches in a pruned space begins with what was evaluated to prune it.
      create policy read_with_version on pruning_evaluations for select
        using (space_version_id in (select id from space_versions));

      -- A public point stands once for all teams: which of them evaluated it first does not matter to the cloud.
      alter table leaderboard_points drop constraint leaderboard_points_pkey;
      delete from leaderboard_points a using leaderboard_points b
        where a.visibility = 'PUBLIC' and b.visibility = 'PUBLIC' and a.leaderboard_id = b.leaderboard_id
          and a.architecture_index = b.architecture_index and a.team_id > b.team_id;
      create unique index leaderboard_points_public on leaderboard_points (leaderboard_id, architecture_index)
        where visibility = 'PUBLIC';
      create unique index leaderboard_points_private on leaderboard_points (leaderboard_id, team_id, architecture_index)
        where visibility = 'PRIVATE';
      create index leaderboard_points_accuracy on leaderboard_points (leaderboard_id, accuracy);
      create index leaderboard_points_predicted on leaderboard_points (leaderboard_id, predicted_ms);
      create index leaderboard_runs_run on leaderboard_runs (search_run_id);

      -- Finding a leaderboard changes nothing about it.
      create or replace function leaderboard_id_for(task uuid, space uuid, fingerprint text, target uuid) returns uuid
      language sql volatile security definer set search_path = public as $$
        insert into leaderboards (task_id, space_id, target_fingerprint, target_id) values (task, space, fingerprint, target)
        on conflict (task_id, space_id, target_fingerprint) do update set target_id = leaderboards.target_id
        returning id
      $$;

      -- Moves a leaderboard to the top of the list. Only public changes do: a private one would show others that something
      -- happened that they may not see. Runs as the owner, so it asks itself whether the caller has published there.
      create function leaderboard_changed(board uuid) returns void
      language sql volatile security definer set search_path = public as $$
        update leaderboards set updated_at = now() where id = board and exists (
          select from leaderboard_runs r
          where r.leaderboard_id = board and r.team_id = app_team() and r.visibility = 'PUBLIC')
      $$;
      revoke execute on function leaderboard_changed from public;
      grant execute on function leaderboard_changed to ${APP_ROLE};
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
