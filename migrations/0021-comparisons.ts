import type { MigrationInterface, QueryRunner } from 'typeorm';
import { QUEUE_ROLE } from './roles.js';

/** Comparisons keep what was asked for, and those too large for a request wait for a worker. */
export class Comparisons21 implements MigrationInterface {
  readonly name = 'Comparisons1700000000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table comparisons
        -- What was there before was computed when it was stored.
        add column status run_status not null default 'SUCCEEDED',
        add column error text,
        -- ComparisonRequest of the comparisons feature; null for what was stored before.
        add column request jsonb,
        alter column result drop not null,
        add check (result is not null or status in ('QUEUED', 'FAILED'));
      alter table comparisons alter column status set default 'QUEUED';
      create index comparisons_waiting on comparisons (created_at) where status = 'QUEUED';
      grant select (id, team_id, status, created_at) on comparisons to ${QUEUE_ROLE};
      create policy waiting on comparisons for select to ${QUEUE_ROLE} using (status = 'QUEUED');
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
