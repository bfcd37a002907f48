import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, QUEUE_ROLE } from './roles.js';
import { BY_SECRET, protect } from './row-security.js';

/** Roles, the settings that row-level security reads, people, teams, tokens, audit and idempotency. */
export class Identity1 implements MigrationInterface {
  readonly name = 'Identity1700000000001';

  async up(db: QueryRunner): Promise<void> {
    for (const role of [APP_ROLE, QUEUE_ROLE])
      await db.query(`
        do $$ begin
          if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
        exception when duplicate_object or unique_violation then null; end $$`);
    await db.query(`
      revoke create on schema public from public;
      grant usage on schema public to ${APP_ROLE};

      create function app_team() returns uuid language sql stable parallel safe
        as $$ select nullif(current_setting('app.team_id', true), '')::uuid $$;
      create function app_user() returns uuid language sql stable parallel safe
        as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
      create function app_public_rows() returns boolean language sql stable parallel safe
        as $$ select coalesce(current_setting('app.public_rows', true), '') = 'on' $$;
      create function app_secret_hash() returns bytea language sql stable parallel safe
        as $$ select decode(nullif(current_setting('app.secret_hash', true), ''), 'hex') $$;
      create function app_email() returns text language sql stable parallel safe
        as $$ select nullif(current_setting('app.email', true), '') $$;

      create type visibility as enum ('PRIVATE', 'PUBLIC');
      create type run_status as enum ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED');
      create type member_role as enum ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER');
      create type token_kind as enum ('API', 'AGENT');

      create table teams (
        id uuid primary key default gen_random_uuid(),
        slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        name text not null check (length(name) between 1 and 100),
        created_at timestamptz not null default now()
      );
      create table users (
        id uuid primary key default gen_random_uuid(),
        email text not null unique check (email = lower(email) and length(email) <= 254),
        name text not null check (length(name) between 1 and 100),
        password_hash text not null,
        created_at timestamptz not null default now()
      );
      create table memberships (
        team_id uuid not null references teams on delete cascade,
        user_id uuid not null references users on delete cascade,
        role member_role not null,
        created_at timestamptz not null default now(),
        primary key (team_id, user_id)
      );
      create index memberships_user on memberships (user_id);
      ${protect('memberships', ['user_id = app_user()'])}

      alter table teams enable row level security;
      alter table teams force row level security;
      create policy read on teams for select using (
        id = app_team() or exists (select from memberships m where m.team_id = teams.id and m.user_id = app_user()));
      create policy add on teams for insert with check (id = app_team());
      create policy change on teams for update using (id = app_team());
      grant select, insert, update on teams to ${APP_ROLE};

      alter table users enable row level security;
      alter table users force row level security;
      create policy read on users for select using (
        id = app_user() or email = app_email()
        or exists (select from memberships m where m.user_id = users.id and m.team_id = app_team()));
      create policy add on users for insert with check (email = app_email());
      create policy change on users for update using (id = app_user());
      grant select, insert, update on users to ${APP_ROLE};

      create table sessions (
        id uuid primary key default gen_random_uuid(),
        user_id uuid not null references users on delete cascade,
        secret_hash bytea not null unique,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null
      );
      alter table sessions enable row level security;
      alter table sessions force row level security;
      create policy own on sessions using (user_id = app_user() or ${BY_SECRET}) with check (user_id = app_user());
      grant select, insert, update, delete on sessions to ${APP_ROLE};

      create table tokens (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        kind token_kind not null,
        name text not null check (length(name) between 1 and 100),
        prefix text not null,
        secret_hash bytea not null unique,
        scopes text[] not null,
        role member_role not null,
        device_id uuid,
        created_by uuid references users,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz
      );
      create index tokens_team on tokens (team_id, created_at desc, id desc);
      ${protect('tokens', [BY_SECRET])}

      create table audit_events (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        at timestamptz not null default now(),
        actor text not null,
        action text not null,
        subject text,
        detail jsonb not null default '{}'
      );
      create index audit_events_team on audit_events (team_id, at desc, id desc);
      ${protect('audit_events')}
      -- What happened is written once and never rewritten.
      revoke update, delete on audit_events from ${APP_ROLE};

      create table idempotency_keys (
        team_id uuid not null references teams on delete cascade,
        key uuid not null,
        operation text not null,
        input_hash bytea not null,
        result jsonb not null,
        created_at timestamptz not null default now(),
        primary key (team_id, key)
      );
      ${protect('idempotency_keys')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
