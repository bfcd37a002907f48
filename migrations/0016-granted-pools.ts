import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from './roles.js';
import { protect } from './row-security.js';

/**
 * A question that policies ask, as a function in PL/pgSQL: its plan is made once a session. Written into the policies, the same
 * subqueries were planned anew with every statement on these tables, and planning was most of what a lease took.
 */
const QUESTION = (name: string, parameter: string, where: string): string => `
      create function ${name}(${parameter} uuid) returns boolean language plpgsql stable cost 1000
        as $$ begin return exists (${where}); end $$;`;
const LIVE_GRANT = `g.revoked_at is null and (g.expires_at is null or g.expires_at > now())`;

const LIVE = `status in ('QUEUED', 'RUNNING')`;

/** Pools that other teams may use: grants, turns, use, maintenance windows, quarantine, and readings of the reference network. */
export class GrantedPools16 implements MigrationInterface {
  readonly name = 'GrantedPools1700000000016';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table pool_grants (
        id uuid primary key default gen_random_uuid(),
        -- The pool's owner.
        team_id uuid not null references teams on delete cascade,
        pool_id uuid not null references pools on delete cascade,
        grantee_id uuid not null references teams on delete cascade,
        -- Device-seconds a day, UTC; null: as many as there are.
        quota_seconds double precision check (quota_seconds > 0),
        priority int not null check (priority between 1 and 10),
        expires_at timestamptz,
        created_at timestamptz not null default now(),
        -- Kept, so that the owner can still read whose use was whose.
        revoked_at timestamptz
      );
      create unique index pool_grants_standing on pool_grants (pool_id, grantee_id) where revoked_at is null;
      create index pool_grants_grantee on pool_grants (grantee_id);
      create index pool_grants_team on pool_grants (team_id);
      ${protect('pool_grants', ['grantee_id = app_team()'])}

      ${QUESTION('app_granted', 'pool', `select from pool_grants g where g.pool_id = pool and g.grantee_id = app_team() and ${LIVE_GRANT}`)}
      -- What a team sees of a pool that was granted to it: the pool, its devices and their targets.
      create policy read_granted on pools for select using (app_granted(id));
      create policy read_granted on devices for select using (app_granted(pool_id));
      create policy read_granted on device_targets for select using (app_granted(pool_id));
      ${QUESTION('app_granted_target', 'target', 'select from device_targets t where t.target_id = target and app_granted(t.pool_id)')}
      create policy read_granted on hardware_targets for select using (app_granted_target(id));

      -- The two sides of a grant know each other's name; the owner also after it has ended, for its records.
      ${QUESTION('app_granted_to', 'team', 'select from pool_grants g where g.team_id = app_team() and g.grantee_id = team')}
      ${QUESTION('app_granted_by', 'team', `select from pool_grants g where g.grantee_id = app_team() and g.team_id = team and ${LIVE_GRANT}`)}
      create policy read_grantee on teams for select using (app_granted_to(id));
      create policy read_grantor on teams for select using (app_granted_by(id));
      -- The one team that the caller names, by short name or id: how a grant finds whom it is for.
      create function app_named_team() returns text language sql stable parallel safe
        as $$ select nullif(current_setting('app.named_team', true), '') $$;
      create policy read_named on teams for select using (slug = app_named_team() or id::text = app_named_team());

      -- Device time that each team had, as weighted fair queueing counts it. In slots, so that agents that ask at once do not
      -- wait for one row; a team's virtual time is their sum.
      create table pool_turns (
        pool_id uuid not null references pools on delete cascade,
        team_id uuid not null references teams on delete cascade,
        slot smallint not null,
        -- Milliseconds of device time divided by the weight.
        virtual_ms double precision not null,
        -- The team's virtual time when it was last served: the pool's clock is the largest of these.
        served_ms double precision not null,
        -- What a measurement of the team's takes, moving average; null before the first.
        mean_ms double precision,
        primary key (pool_id, team_id, slot)
      );
      create table pool_usage (
        pool_id uuid not null references pools on delete cascade,
        team_id uuid not null references teams on delete cascade,
        day date not null,
        slot smallint not null,
        device_ms double precision not null,
        measurements int not null,
        primary key (pool_id, day, team_id, slot)
      );
      ${['pool_turns', 'pool_usage']
        .map(
          (table) => `
      alter table ${table} enable row level security;
      alter table ${table} force row level security;
      create policy own on ${table} for select using (team_id = app_team() or pool_id = app_pool());
      -- Only what measures writes what was measured.
      create policy add on ${table} for insert with check (pool_id = app_pool());
      create policy change on ${table} for update using (pool_id = app_pool()) with check (pool_id = app_pool());
      grant select, insert, update, delete on ${table} to ${APP_ROLE};`,
        )
        .join('\n')}
      ${QUESTION('app_owns_pool', 'pool', 'select from pools p where p.id = pool and p.team_id = app_team()')}
      create policy read_owner on pool_usage for select using (app_owns_pool(pool_id));

      create table maintenance_windows (
        id uuid primary key default gen_random_uuid(),
        team_id uuid not null references teams on delete cascade,
        pool_id uuid not null references pools on delete cascade,
        -- Null: the whole pool.
        device_id uuid references devices on delete cascade,
        starts_at timestamptz not null,
        ends_at timestamptz not null check (ends_at > starts_at),
        reason text not null check (length(reason) between 1 and 200),
        created_at timestamptz not null default now()
      );
      create index maintenance_windows_pool on maintenance_windows (pool_id, ends_at);
      ${protect('maintenance_windows', ['app_granted(pool_id)'])}

      alter table devices add column quarantined_at timestamptz, add column quarantine_reason text,
        add column quarantined_by_server boolean not null default false,
        -- Whose subjects it measures now, and when it began.
        add column serving_team_id uuid references teams on delete set null, add column serving_since timestamptz,
        -- Up to when its time was charged.
        add column charged_until timestamptz,
        -- Subjects in a row that failed here and were measured elsewhere.
        add column refuted_failures int not null default 0;

      -- The reference network on a device: the lowest median of each hour.
      create table device_references (
        team_id uuid not null references teams on delete cascade,
        device_id uuid not null references devices on delete cascade,
        fingerprint text not null,
        hour timestamptz not null,
        reference_ms double precision not null check (reference_ms > 0),
        readings int not null,
        primary key (device_id, fingerprint, hour)
      );
      ${QUESTION('app_granted_device', 'device', 'select from devices d where d.id = device and app_granted(d.pool_id)')}
      ${protect('device_references', ['app_granted_device(device_id)'])}

      -- What live campaigns of an agent's pool are built from, in place of the subqueries of the migration before.
      ${QUESTION('app_measures_version', 'version', `select from profile_runs r where r.space_version_id = version and r.pool_id = app_pool() and r.${LIVE}`)}
      ${QUESTION('app_measures_model', 'model', `select from profile_runs r where r.model_id = model and r.pool_id = app_pool() and r.${LIVE}`)}
      drop policy read_to_measure on space_versions;
      create policy read_to_measure on space_versions for select using (app_pool() is not null and app_measures_version(id));
      drop policy read_to_measure on models;
      create policy read_to_measure on models for select using (app_pool() is not null and app_measures_model(id));
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
