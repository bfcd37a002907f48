import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput } from '../../platform/errors.js';
import type { SearchRunRow } from '../searches/entities.js';

/** The first trials of a run, that a later one began with. */
export interface Stretch {
  readonly runId: string;
  readonly evaluations: number;
}

/** By run what was paid for what it began with, oldest first; runs that began with nothing are left out. */
export type PaidBefore = ReadonlyMap<string, readonly Stretch[]>;

/**
 * What the runs began with, and what those began with in turn: a comparison counts all of it, or a warm start would look like
 * speed. BAD_INPUT where an earlier run is not the reader's to see.
 */
export async function paidBefore(tx: Transaction, runIds: readonly string[]): Promise<PaidBefore> {
  const rows = await tx.query<{ run: string; earlier: string; evaluations: number; seen: boolean }[]>(
    `with recursive earlier as (
       select id as run, warm_start_run_id as earlier, warm_start_evaluations as evaluations, 1 as depth
       from search_runs where id = any($1)
       union all
       select earlier.run, further.warm_start_run_id, further.warm_start_evaluations, depth + 1
       from earlier join search_runs further on further.id = earlier.earlier)
     select run, earlier, evaluations, exists (select from search_runs where id = earlier) as seen
     from earlier where earlier is not null order by run, depth desc`,
    [runIds],
  );
  if (rows.some(({ seen }) => !seen))
    throw badInput(
      'input.groups',
      'A run began with an earlier one that you cannot see: what it paid is not known.',
    );
  const paid = new Map<string, Stretch[]>();
  for (const { run, earlier, evaluations } of rows)
    paid.set(run, [...(paid.get(run) ?? []), { runId: earlier, evaluations }]);
  return paid;
}

/** Evaluations that a run has in a comparison: its own, after those that it began with. */
export function evaluationsWithin(before: PaidBefore, run: Pick<SearchRunRow, 'id' | 'evaluations'>): number {
  return (before.get(run.id) ?? []).reduce((sum, { evaluations }) => sum + evaluations, run.evaluations);
}
