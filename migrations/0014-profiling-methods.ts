import type { MigrationInterface, QueryRunner } from 'typeorm';

/** More ways to come to a profile, the options that a campaign was started with, and what a method found besides the table. */
export class ProfilingMethods14 implements MigrationInterface {
  readonly name = 'ProfilingMethods1700000000014';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter type profile_method add value 'END_TO_END';
      alter type profile_method add value 'BASE_NETWORKS';
      alter type profile_method add value 'KERNELS';
      alter type profile_method add value 'TRANSFER';
      -- A table measured elsewhere: no campaign here.
      alter type profile_method add value 'IMPORTED';

      -- As the method reads them again whenever it plans or estimates.
      alter table profile_runs add column options jsonb not null default '{}';
      alter table device_profiles add column details jsonb not null default '{}';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
