import type { MigrationInterface, QueryRunner } from 'typeorm';
import { QUEUE_ROLE } from './roles.js';

/** Campaigns whose estimate waits for a worker, and what a profile's card says beside its table. */
export class ProfileCards17 implements MigrationInterface {
  readonly name = 'ProfileCards1700000000017';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Since when all that was planned is measured: a worker plans further or makes the profile, and clears it.
      alter table profile_runs add column concluding_at timestamptz;
      create index profile_runs_concluding on profile_runs (concluding_at) where concluding_at is not null;
      grant select (id, team_id, status, concluding_at) on profile_runs to ${QUEUE_ROLE};
      create policy concluding on profile_runs for select to ${QUEUE_ROLE} using (status = 'RUNNING' and concluding_at is not null);

      alter table device_profiles
        -- In its series: profiles of one team, space, target and method, oldest first.
        add column version int not null default 1,
        -- The profile that it was copied from, with what was changed by hand: { layer, choice, ms, wasMs }.
        add column parent_id uuid references device_profiles on delete set null,
        add column overrides jsonb not null default '[]',
        add column note text not null default '' check (length(note) <= 1000),
        -- What the method was asked, as the campaign's options; null for what no campaign here measured.
        add column options jsonb,
        -- What measured it, at that time: { device, agentVersion, environment } each.
        add column environment jsonb not null default '[]',
        -- Medians of the reference network in the order of time: { at, ms }.
        add column reference_readings jsonb not null default '[]',
        -- Measurements that stayed unsteady: { subject, reason }.
        add column unstable jsonb not null default '[]',
        -- SHA-256 of the blob with every sample, gzipped lines of JSON; null where none were kept.
        add column samples_hash bytea check (length(samples_hash) = 32);
      create index device_profiles_series on device_profiles (team_id, space_version_id, target_id, method);

      -- Numbered by the database, so that two profiles that end at once are still two versions.
      create function number_device_profile() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended(
          'profile series ' || new.team_id || new.target_id || new.method, 0));
        select coalesce(max(p.version), 0) + 1 into new.version
        from device_profiles p
          join space_versions v on v.id = p.space_version_id
          join space_versions mine on mine.id = new.space_version_id and mine.space_id = v.space_id
        where p.team_id = new.team_id and p.target_id = new.target_id and p.method = new.method;
        return new;
      end $$;
      create trigger number_in_series before insert on device_profiles
        for each row execute function number_device_profile();
      update device_profiles p set version = numbered.version from (
        select p.id, row_number() over (
          partition by p.team_id, v.space_id, p.target_id, p.method order by p.created_at, p.id) as version
        from device_profiles p join space_versions v on v.id = p.space_version_id) numbered
      where numbered.id = p.id;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
