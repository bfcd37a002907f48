import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protect, PUBLIC_ROWS } from './row-security.js';
import { APP_ROLE } from './roles.js';

/** Leaderboards, which belong to no team, and the entries and published runs on them, which do. */
export class Leaderboards6 implements MigrationInterface {
  readonly name = 'Leaderboards1700000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table leaderboards (
        id uuid primary key default gen_random_uuid(),
        task_id uuid not null references tasks,
        space_id uuid not null references search_spaces,
        target_fingerprint text not null,
        target_id uuid not null references hardware_targets,
        updated_at timestamptz not null default now(),
        unique (task_id, space_id, target_fingerprint)
      );

      create table leaderboard_runs (
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null,
        leaderboard_id uuid not null references leaderboards on delete cascade,
        search_run_id uuid not null references search_runs on delete cascade,
        published_at timestamptz not null default now(),
        primary key (leaderboard_id, search_run_id)
      );
      ${protect('leaderboard_runs', [PUBLIC_ROWS])}

      create table leaderboard_entries (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null,
        leaderboard_id uuid not null references leaderboards on delete cascade,
        search_run_id uuid not null references search_runs on delete cascade,
        device_profile_id uuid not null references device_profiles,
        architecture_index bigint not null,
        encoding smallint[] not null,
        accuracy double precision not null,
        predicted_ms double precision not null check (predicted_ms > 0),
        created_at timestamptz not null default now(),
        unique (leaderboard_id, team_id, architecture_index)
      );
      create index leaderboard_entries_board on leaderboard_entries (leaderboard_id, predicted_ms, accuracy desc);
      ${protect('leaderboard_entries', [PUBLIC_ROWS])}

      -- Every distinct architecture that published runs evaluated: the cloud behind the frontier.
      create table leaderboard_points (
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null,
        leaderboard_id uuid not null references leaderboards on delete cascade,
        architecture_index bigint not null,
        accuracy double precision not null,
        predicted_ms double precision not null,
        primary key (leaderboard_id, team_id, architecture_index)
      );
      ${protect('leaderboard_points', [PUBLIC_ROWS])}

      create index leaderboard_entries_team on leaderboard_entries (team_id) where visibility = 'PUBLIC';

      -- The name of a team is shown beside what it made public, and to nobody otherwise.
      create policy read_publisher on teams for select using (app_public_rows() and (
        exists (select from search_spaces o where o.team_id = teams.id and o.visibility = 'PUBLIC')
        or exists (select from device_profiles o where o.team_id = teams.id and o.visibility = 'PUBLIC')
        or exists (select from leaderboard_entries o where o.team_id = teams.id and o.visibility = 'PUBLIC')));

      -- A leaderboard exists for whom one of its published runs does.
      alter table leaderboards enable row level security;
      create policy read on leaderboards for select using (
        exists (select from leaderboard_runs r where r.leaderboard_id = leaderboards.id));
      grant select on leaderboards to ${APP_ROLE};

      -- Publishing must find a leaderboard that only holds entries the publisher may not see. Runs as the owner, to whom
      -- row-level security of this one table does not apply, and gives away no more than the id.
      create function leaderboard_id_for(task uuid, space uuid, fingerprint text, target uuid) returns uuid
      language sql volatile security definer set search_path = public as $$
        insert into leaderboards (task_id, space_id, target_fingerprint, target_id) values (task, space, fingerprint, target)
        on conflict (task_id, space_id, target_fingerprint) do update set updated_at = now()
        returning id
      $$;
      revoke execute on function leaderboard_id_for from public;
      grant execute on function leaderboard_id_for to ${APP_ROLE};
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
