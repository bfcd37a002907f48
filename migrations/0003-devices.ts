import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BY_SECRET, protect, PUBLIC_ROWS } from './row-security.js';

/** Hardware targets, pools, devices and pairing codes. */
export class Devices3 implements MigrationInterface {
  readonly name = 'Devices1700000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table hardware_targets (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        -- A target becomes public with the first profile or result of it that does.
        visibility visibility not null default 'PRIVATE',
        fingerprint text not null,
        name text not null check (length(name) between 1 and 200),
        processor text not null,
        runtime text not null,
        provider text not null,
        "precision" text not null,
        threads int not null check (threads between 1 and 1024),
        batch int not null check (batch between 1 and 4096),
        created_at timestamptz not null default now(),
        unique (team_id, fingerprint)
      );
      ${protect('hardware_targets', [PUBLIC_ROWS])}

      create table pools (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        name text not null check (length(name) between 1 and 100),
        created_at timestamptz not null default now(),
        unique (team_id, name)
      );
      ${protect('pools')}

      create table devices (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        pool_id uuid not null references pools on delete cascade,
        target_id uuid not null references hardware_targets,
        name text not null check (length(name) between 1 and 100),
        environment jsonb not null,
        agent_version text not null,
        activity text check (length(activity) <= 200),
        last_seen_at timestamptz,
        created_at timestamptz not null default now(),
        unique (team_id, name)
      );
      create index devices_pool on devices (pool_id);
      ${protect('devices')}
      alter table tokens add foreign key (device_id) references devices on delete cascade;

      create table pairing_codes (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        pool_id uuid not null references pools on delete cascade,
        secret_hash bytea not null unique,
        expires_at timestamptz not null,
        used_at timestamptz
      );
      ${protect('pairing_codes', [BY_SECRET])}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
