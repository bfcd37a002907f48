import { parseEncoding, type SearchSpace } from '@espalier/nas/space';
import type { Evaluated } from '@espalier/nas/search';
import type { Transaction } from '../../platform/database/tenancy.js';
import { architectureKey, architectureOf } from './architectures.js';
import type { SearchRunRow } from './entities.js';

/** Most evaluations of an earlier run that a search begins with: they are held in memory while it runs. */
export const MOST_WARM_EVALUATIONS = 100_000;

type WarmStart = Pick<SearchRunRow, 'id' | 'warmStartRunId' | 'warmStartEvaluations'>;

/** Of the runs taken up last: requests of trainers take up the same run again and again. */
const remembered = new Map<string, readonly Evaluated[]>();
const REMEMBERED = 4;

/** What the run that this one begins with had evaluated when it began: each network once, in order. */
export async function warmEvaluations(
  tx: Transaction,
  run: WarmStart,
  space: SearchSpace,
): Promise<readonly Evaluated[]> {
  if (run.warmStartRunId === null) return [];
  const known = remembered.get(run.id) ?? (await readEvaluations(tx, run, space));
  remembered.delete(run.id);
  remembered.set(run.id, known);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return known;
}

async function readEvaluations(
  tx: Transaction,
  { warmStartRunId, warmStartEvaluations }: WarmStart,
  space: SearchSpace,
): Promise<readonly Evaluated[]> {
  // The earlier run may have gone on since: its first evaluations stay what they were.
  const rows = await tx.query<{ architecture: Buffer; accuracy: number; latency_ms: number }[]>(
    `select architecture, accuracy, latency_ms from (
       select distinct on (architecture) architecture, ordinal, accuracy, latency_ms
       from trials where search_run_id = $1 and ordinal <= $2 order by architecture, ordinal) as evaluated
     order by ordinal`,
    [warmStartRunId, warmStartEvaluations],
  );
  return rows.map((row) => ({
    encoding: parseEncoding(space, [...row.architecture]),
    error: 100 - row.accuracy,
    latencyMs: row.latency_ms,
  }));
}

/** Accuracy that the earlier run found of an architecture; null of one that it did not evaluate. */
export function accuraciesIn(warm: readonly Evaluated[]): (encoding: Evaluated['encoding']) => number | null {
  const keyOf = (encoding: Evaluated['encoding']): string => architectureKey(architectureOf(encoding));
  let known: ReadonlyMap<string, number> | undefined;
  return (encoding) => {
    known ??= new Map(warm.map((each) => [keyOf(each.encoding), 100 - each.error]));
    return known.get(keyOf(encoding)) ?? null;
  };
}
