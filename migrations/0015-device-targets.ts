import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protect } from './row-security.js';

/** Tables whose rows of every team are read or changed here. */
const TABLES = ['tokens', 'devices', 'hardware_targets', 'profile_runs', 'measurements'] as const;
const LIVE = `status in ('QUEUED', 'RUNNING')`;

/**
 * Several targets on one device; and what an agent sees of its pool, whichever team's campaigns run there: the setting
 * `app.pool_id` opens the campaigns and measurements of that pool, and what the live ones among them are built from.
 */
export class DeviceTargets15 implements MigrationInterface {
  readonly name = 'DeviceTargets1700000000015';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The owner is bound by row-level security like everybody; here it must see every team's rows.
      ${TABLES.map((table) => `alter table ${table} no force row level security;`).join('\n')}

      create function app_pool() returns uuid language sql stable parallel safe
        as $$ select nullif(current_setting('app.pool_id', true), '')::uuid $$;

      -- So that one look at an agent's token says all that its requests may see.
      alter table tokens add column pool_id uuid references pools on delete cascade;
      update tokens t set pool_id = d.pool_id from devices d where d.id = t.device_id;

      create table device_targets (
        team_id uuid not null references teams on delete cascade,
        pool_id uuid not null references pools on delete cascade,
        device_id uuid not null references devices on delete cascade,
        target_id uuid not null references hardware_targets,
        -- A target is a row of each team that uses it: what two teams mean by one target is its fingerprint.
        fingerprint text not null,
        -- Place in the device's own list; the first is measured for when nobody says which.
        ordinal int not null,
        primary key (device_id, target_id)
      );
      create index device_targets_pool on device_targets (pool_id, fingerprint);
      create index device_targets_target on device_targets (target_id);
      ${protect('device_targets')}
      insert into device_targets (team_id, pool_id, device_id, target_id, fingerprint, ordinal)
        select d.team_id, d.pool_id, d.id, t.id, t.fingerprint, 0 from devices d join hardware_targets t on t.id = d.target_id;
      alter table devices drop column target_id;

      -- open_count: measurements that are neither done nor failed. Counting them at each report took as long as the
      -- campaign is large.
      alter table profile_runs add column target_fingerprint text, add column open_count int not null default 0;
      update profile_runs r set target_fingerprint = t.fingerprint,
        open_count = (select count(*) from measurements m where m.profile_run_id = r.id and m.status in ('QUEUED', 'LEASED'))
        from hardware_targets t where t.id = r.target_id;
      alter table profile_runs alter column target_fingerprint set not null;
      create index profile_runs_live on profile_runs (pool_id, team_id, created_at, id) where ${LIVE};
      create index profile_runs_version on profile_runs (space_version_id) where ${LIVE};

      -- expected_ms: device time that the lease was charged with when it was given, until the report says how much it took.
      alter table measurements add column pool_id uuid, add column leased_at timestamptz,
        add column expected_ms double precision, add column failed_device_id uuid references devices on delete set null;
      update measurements m set pool_id = r.pool_id from profile_runs r where r.id = m.profile_run_id;
      alter table measurements alter column pool_id set not null;
      drop index measurements_waiting;
      create index measurements_queued on measurements (profile_run_id, ordinal) where status = 'QUEUED';
      create index measurements_leased on measurements (pool_id, lease_expires_at) where status = 'LEASED';
      create index measurements_held on measurements (device_id) where status = 'LEASED';

      ${TABLES.map((table) => `alter table ${table} force row level security;`).join('\n')}

      create policy read_in_pool on profile_runs for select using (pool_id = app_pool());
      create policy change_in_pool on profile_runs for update using (pool_id = app_pool()) with check (pool_id = app_pool());
      create policy read_in_pool on measurements for select using (pool_id = app_pool());
      create policy change_in_pool on measurements for update using (pool_id = app_pool()) with check (pool_id = app_pool());
      create policy read_to_measure on space_versions for select using (app_pool() is not null and exists (
        select from profile_runs r where r.space_version_id = space_versions.id and r.pool_id = app_pool() and r.${LIVE}));
      create policy read_to_measure on models for select using (app_pool() is not null and exists (
        select from profile_runs r where r.model_id = models.id and r.pool_id = app_pool() and r.${LIVE}));
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
