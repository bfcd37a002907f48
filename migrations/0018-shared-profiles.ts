import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protect } from './row-security.js';

/** A profile of `table`'s row was shown to the caller's team by name. */
const GRANTED = (profile: string): string =>
  `exists (select from device_profile_grants g where g.device_profile_id = ${profile} and g.grantee_id = app_team())`;

/** Profiles shown to named teams, and those that a team has pinned. */
export class SharedProfiles18 implements MigrationInterface {
  readonly name = 'SharedProfiles1700000000018';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table device_profiles add unique (id, team_id);
      create table device_profile_grants (
        -- The profile's owner: the key below lets nobody grant what is not theirs.
        team_id uuid not null references teams on delete cascade,
        device_profile_id uuid not null,
        grantee_id uuid not null references teams on delete cascade check (grantee_id <> team_id),
        created_at timestamptz not null default now(),
        primary key (device_profile_id, grantee_id),
        foreign key (device_profile_id, team_id) references device_profiles (id, team_id) on delete cascade
      );
      create index device_profile_grants_grantee on device_profile_grants (grantee_id);
      ${protect('device_profile_grants', ['grantee_id = app_team()'])}

      -- What comes with a profile that was shown to a team: its target and the networks measured on it.
      create policy read_shown on device_profiles for select using (${GRANTED('device_profiles.id')});
      create policy read_shown on architecture_latencies for select
        using (${GRANTED('architecture_latencies.device_profile_id')});
      create policy read_shown on hardware_targets for select using (exists (
        select from device_profile_grants g join device_profiles p on p.id = g.device_profile_id
        where g.grantee_id = app_team() and p.target_id = hardware_targets.id));

      -- The two sides know each other's name, and the one that a caller names is found by it.
      create policy read_shown on teams for select using (exists (
        select from device_profile_grants g
        where (g.team_id = teams.id and g.grantee_id = app_team()) or (g.grantee_id = teams.id and g.team_id = app_team())));
      create or replace function app_named_team() returns text language sql stable parallel safe
        as $$ select nullif(current_setting('app.named_team', true), '') $$;
      create policy read_named_by_slug on teams for select using (slug = app_named_team());

      create table device_profile_pins (
        team_id uuid not null references teams on delete cascade,
        space_id uuid not null references search_spaces on delete cascade,
        -- Of the target, whichever team's row of it.
        target_fingerprint text not null,
        device_profile_id uuid not null references device_profiles on delete cascade,
        created_at timestamptz not null default now(),
        primary key (team_id, space_id, target_fingerprint)
      );
      create index device_profile_pins_profile on device_profile_pins (device_profile_id);
      ${protect('device_profile_pins')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
