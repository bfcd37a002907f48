import type { Transaction } from '../../platform/database/tenancy.js';

/**
 * Makes public what a reader needs to trace a public result of these runs: the runs with their trials, the spaces they
 * searched, the profile, target, accuracy source and task. Row-level security lets it touch the team's own rows only;
 * what belongs to another team was public before, or the runs could not have used it.
 */
export async function revealRuns(tx: Transaction, runIds: readonly string[]): Promise<void> {
  const of = (column: string): string => `select ${column} from search_runs where id = any($1)`;
  const versions = `${of('space_version_id')} union select parent_id from space_versions where id in (${of('space_version_id')})`;
  for (const [table, rows] of [
    ['search_runs', 'id = any($1)'],
    ['space_versions', `id in (${versions})`],
    ['search_spaces', `id in (select space_id from space_versions where id in (${of('space_version_id')}))`],
    ['device_profiles', `id in (${of('device_profile_id')})`],
    ['architecture_latencies', `device_profile_id in (${of('device_profile_id')})`],
    [
      'hardware_targets',
      `id in (select target_id from device_profiles where id in (${of('device_profile_id')}))`,
    ],
    ['accuracy_sources', `id in (${of('accuracy_source_id')})`],
    ['tasks', `id in (select task_id from accuracy_sources where id in (${of('accuracy_source_id')}))`],
  ])
    await tx.query(`update ${table} set visibility = 'PUBLIC' where visibility <> 'PUBLIC' and ${rows}`, [
      runIds,
    ]);
}
