import type { MigrationInterface, QueryRunner } from 'typeorm';
import { QUEUE_ROLE } from './roles.js';
import { protect, PUBLIC_ROWS } from './row-security.js';

/** Search runs, their trials, and comparisons of runs. */
export class Searches5 implements MigrationInterface {
  readonly name = 'Searches1700000000005';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create type sampler_kind as enum ('REGULARIZED_EVOLUTION', 'REPRUNING_EVOLUTION', 'RANDOM');
      create table search_runs (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null default 'PRIVATE',
        space_version_id uuid not null references space_versions,
        device_profile_id uuid not null references device_profiles,
        accuracy_source_id uuid not null references accuracy_sources,
        sampler sampler_kind not null,
        budget int not null check (budget between 1 and 1000000),
        prior_evaluations int not null default 0,
        seed int not null check (seed >= 0),
        status run_status not null default 'QUEUED',
        evaluations int not null default 0,
        -- Rises whenever a worker takes the run: a late attempt is refused.
        attempt int not null default 0,
        checkpoint bytea,
        error text,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        published_at timestamptz
      );
      create index search_runs_team on search_runs (team_id, created_at desc, id desc);
      create index search_runs_waiting on search_runs (created_at) where status in ('QUEUED', 'RUNNING');
      ${protect('search_runs', [PUBLIC_ROWS])}
      -- The queue may be lost whole and rebuilt: its role sees which runs wait, and of those no more than ids.
      grant usage on schema public to ${QUEUE_ROLE};
      grant select (id, team_id, status, created_at) on search_runs to ${QUEUE_ROLE};
      create policy waiting on search_runs for select to ${QUEUE_ROLE} using (status in ('QUEUED', 'RUNNING'));

      create table trials (
        team_id uuid not null references teams on delete cascade,
        search_run_id uuid not null references search_runs on delete cascade,
        ordinal int not null,
        -- Mixed-radix index in the unpruned space; the encoding follows from it.
        architecture_index bigint not null,
        accuracy double precision not null,
        latency_ms double precision not null check (latency_ms > 0),
        primary key (search_run_id, ordinal)
      );
      -- Seen with the run they belong to: publishing a run touches one row, not thousands.
      ${protect('trials', ['search_run_id in (select id from search_runs)'])}

      create table comparisons (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null default 'PRIVATE',
        name text not null check (length(name) between 1 and 200),
        space_id uuid not null references search_spaces,
        task_id uuid not null references tasks,
        target_id uuid not null references hardware_targets,
        -- The groups, and what was computed from them: ComparisonResult of the searches feature.
        result jsonb not null,
        created_at timestamptz not null default now()
      );
      create index comparisons_team on comparisons (team_id, created_at desc, id desc);
      create index comparisons_subject on comparisons (space_id, task_id, target_id, created_at desc);
      ${protect('comparisons', [PUBLIC_ROWS])}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
