import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protect, PUBLIC_ROWS } from './row-security.js';

/** Measuring campaigns, their measurements, and the device profiles they end in. */
export class Profiles4 implements MigrationInterface {
  readonly name = 'Profiles1700000000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create type profile_method as enum ('ISOLATED');
      create type profile_run_kind as enum ('PROFILE', 'ARCHITECTURES');
      create type measurement_status as enum ('QUEUED', 'LEASED', 'DONE', 'FAILED');

      create table profile_runs (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        kind profile_run_kind not null,
        method profile_method not null,
        -- The unpruned version.
        space_version_id uuid not null references space_versions,
        pool_id uuid not null references pools,
        target_id uuid not null references hardware_targets,
        -- For ARCHITECTURES: the profile that the results belong to.
        device_profile_id uuid,
        seed int not null,
        status run_status not null default 'QUEUED',
        measurement_count int not null,
        error text,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz
      );
      create index profile_runs_team on profile_runs (team_id, created_at desc, id desc);
      ${protect('profile_runs')}

      create sequence lease_fencing as int;
      create table measurements (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        profile_run_id uuid not null references profile_runs on delete cascade,
        ordinal int not null,
        subject jsonb not null,
        -- Why it is measured: BLOCK, FIT, HELD_OUT, or ARCHITECTURE.
        purpose text not null,
        status measurement_status not null default 'QUEUED',
        attempts int not null default 0,
        device_id uuid references devices on delete set null,
        fencing_number int,
        lease_expires_at timestamptz,
        -- Results; times in milliseconds.
        floor_ms double precision check (floor_ms > 0),
        floor_low_ms double precision,
        floor_high_ms double precision,
        median_ms double precision,
        p10_ms double precision,
        p90_ms double precision,
        p99_ms double precision,
        mean_ms double precision,
        coefficient_of_variation double precision,
        sample_count int,
        -- Raw samples: jsonb array of rounds.
        rounds jsonb,
        reference_ms jsonb,
        session_create_ms double precision,
        unstable_reason text,
        error text,
        reported_at timestamptz,
        unique (profile_run_id, ordinal)
      );
      create index measurements_waiting on measurements (team_id, profile_run_id, ordinal) where status in ('QUEUED', 'LEASED');
      ${protect('measurements')}
      grant usage on sequence lease_fencing to espalier_app;

      create table device_profiles (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        profile_run_id uuid unique references profile_runs on delete set null,
        space_version_id uuid not null references space_versions,
        target_id uuid not null references hardware_targets,
        method profile_method not null,
        visibility visibility not null default 'PRIVATE',
        -- { layers: number[][] ms, isolated: number[][] ms, fixedMs, estimator }
        latency_table jsonb not null,
        quality jsonb not null,
        created_at timestamptz not null default now()
      );
      create index device_profiles_team on device_profiles (team_id, created_at desc, id desc);
      create index device_profiles_public on device_profiles (created_at desc, id desc) where visibility = 'PUBLIC';
      ${protect('device_profiles', [PUBLIC_ROWS])}
      alter table profile_runs add foreign key (device_profile_id) references device_profiles on delete cascade;

      -- Whole networks measured on a target: what turns "predicted" into "measured".
      create table architecture_latencies (
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null default 'PRIVATE',
        device_profile_id uuid not null references device_profiles on delete cascade,
        architecture_index bigint not null,
        measurement_id uuid not null references measurements on delete cascade,
        floor_ms double precision not null check (floor_ms > 0),
        unstable boolean not null,
        primary key (device_profile_id, architecture_index)
      );
      ${protect('architecture_latencies', [PUBLIC_ROWS])}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
