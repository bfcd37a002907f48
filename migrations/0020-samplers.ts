import type { MigrationInterface, QueryRunner } from 'typeorm';

/** More kinds of samplers, and what a run was told: settings, limits, what it began with. */
export class Samplers20 implements MigrationInterface {
  readonly name = 'Samplers1700000000020';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Values that were added cannot be used before their transaction has ended: nothing below names them.
      alter type sampler_kind add value 'EXHAUSTIVE';
      alter type sampler_kind add value 'NSGA2';
      alter type sampler_kind add value 'LOCAL';
      alter type sampler_kind add value 'RANDOM_MUTATION';
      alter type sampler_kind add value 'CONSTRAINED_EVOLUTION';
      alter type sampler_kind add value 'SURROGATE';
      alter type sampler_kind add value 'PROGRESSIVE_UNPRUNING';

      alter table search_runs
        -- SettingValues and RunLimits of the searches feature. Runs from before have the sampler's own settings.
        add column settings jsonb not null default '{}',
        add column limits jsonb,
        -- An earlier run of the same team, and how many of its evaluations were known when this one began.
        add column warm_start_run_id uuid references search_runs,
        add column warm_start_evaluations int not null default 0 check (warm_start_evaluations >= 0),
        add column predicted_front boolean not null default false;
      create index search_runs_warm_start on search_runs (warm_start_run_id) where warm_start_run_id is not null;

      -- What evolutions did by themselves in spaces pruned by evaluations is now said of the run.
      alter table search_runs no force row level security;
      update search_runs set predicted_front = true
        where sampler = 'REGULARIZED_EVOLUTION' and prior_evaluations > 0;
      alter table search_runs force row level security;

      -- Of a run with limits only what keeps them counts as frontier.
      alter table trials add column within_limits boolean not null default true;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
