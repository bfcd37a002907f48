import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protect, PUBLIC_ROWS } from './row-security.js';

/** Search spaces and their immutable versions, tasks and accuracy sources. */
export class Spaces2 implements MigrationInterface {
  readonly name = 'Spaces1700000000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table search_spaces (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
        description text not null default '' check (length(description) <= 2000),
        visibility visibility not null default 'PRIVATE',
        created_at timestamptz not null default now(),
        unique (team_id, name)
      );
      create index search_spaces_public on search_spaces (name, id) where visibility = 'PUBLIC';
      ${protect('search_spaces', [PUBLIC_ROWS])}

      create table space_versions (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        space_id uuid not null references search_spaces on delete cascade,
        visibility visibility not null default 'PRIVATE',
        label text not null check (length(label) between 1 and 100),
        content_hash bytea not null,
        document jsonb not null,
        family text not null,
        size numeric not null check (size > 0),
        parent_id uuid references space_versions,
        -- How it was pruned: { rule, ratio, seed, deviceProfileId, accuracySourceId, scores, explanation }
        pruning jsonb,
        created_at timestamptz not null default now(),
        -- The same choices reached by another rule are another version of the lineage, so the rule is part of identity.
        identity_hash bytea not null,
        unique (space_id, identity_hash)
      );
      create index space_versions_space on space_versions (space_id, created_at desc, id desc);
      ${protect('space_versions', [PUBLIC_ROWS])}

      -- Networks evaluated to learn what to prune: the first trials of every search in the pruned space.
      create table pruning_evaluations (
        team_id uuid not null references teams on delete cascade,
        space_version_id uuid not null references space_versions on delete cascade,
        ordinal int not null,
        encoding smallint[] not null,
        accuracy double precision not null,
        primary key (space_version_id, ordinal)
      );
      ${protect('pruning_evaluations')}

      create table tasks (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        visibility visibility not null default 'PUBLIC',
        name text not null check (length(name) between 1 and 100),
        dataset text not null check (length(dataset) between 1 and 100),
        metric text not null check (length(metric) between 1 and 100),
        unit text not null check (length(unit) between 1 and 20),
        created_at timestamptz not null default now(),
        unique (team_id, name)
      );
      ${protect('tasks', [PUBLIC_ROWS])}

      create type accuracy_source_kind as enum ('TABLE', 'SUPERNET');
      create table accuracy_sources (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        task_id uuid not null references tasks,
        space_version_id uuid not null references space_versions,
        kind accuracy_source_kind not null,
        visibility visibility not null default 'PRIVATE',
        name text not null check (length(name) between 1 and 100),
        row_count int,
        complete boolean not null default false,
        -- SHA-256 of the blob that holds the table: uint16 little-endian, hundredths of a percent, mixed-radix order.
        blob_hash bytea,
        -- For SUPERNET: which bundled weights.
        bundle text,
        created_at timestamptz not null default now(),
        unique (team_id, name)
      );
      create index accuracy_sources_team on accuracy_sources (team_id, created_at desc, id desc);
      ${protect('accuracy_sources', [PUBLIC_ROWS])}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
