import type { SamplerKind } from '../../../graphql/generated/resolvers.js';
import { uuidOf } from '../../../graphql/node-ids.js';
import type { TestDatabase } from '../../../platform/testing/database.js';
import { accuracyFeature } from '../../accuracy/index.js';
import type { FashionTeam } from '../../testing/fashion.js';
import { runSearchJob } from '../run-search.js';

/** Of each kind settings that are not its own. */
export const TOLD: Readonly<Record<SamplerKind, Readonly<Record<string, unknown>>>> = {
  REGULARIZED_EVOLUTION: { populationSize: 30, tournamentSize: 5 },
  REPRUNING_EVOLUTION: { every: 80, rounds: 3 },
  RANDOM: {},
  EXHAUSTIVE: {},
  NSGA2: { populationSize: 20, childCount: 1, crossoverRate: 0.5, mutatedLayers: 1.5 },
  LOCAL: {},
  RANDOM_MUTATION: { parents: 'ACCURACY', initialCount: 30, unitProbabilities: [0.6, 0.3, 0.3] },
  CONSTRAINED_EVOLUTION: { populationSize: 40, mutationRate: 0.3 },
  SURROGATE: { initialCount: 140 },
  PROGRESSIVE_UNPRUNING: { initialCount: 140, startRatio: 0.7 },
};

export interface TrialOf {
  readonly ordinal: number;
  readonly architecture: Buffer;
  readonly accuracy: number;
  readonly latency_ms: number;
  readonly within_limits: boolean;
}

export const trialsOf = (db: TestDatabase, runId: string): Promise<TrialOf[]> =>
  db.sql(
    `select ordinal, architecture, accuracy, latency_ms, within_limits from trials
     where search_run_id = $1 order by ordinal`,
    [uuidOf('SearchRun', runId, 'id')],
  );

/** Works on a run as a worker does, until it is stopped. */
export function work(
  db: TestDatabase,
  { teamId }: FashionTeam,
  runId: string,
  stop = new AbortController(),
): Promise<void> {
  const job = { runId: uuidOf('SearchRun', runId, 'id'), teamId };
  return runSearchJob(db.platform, accuracyFeature(db.platform).answersOf, job, stop.signal);
}

/** One slice more than there was, as a worker that dies soon leaves it. Returns how many trials there are. */
export async function workBriefly(db: TestDatabase, team: FashionTeam, runId: string): Promise<number> {
  const before = (await trialsOf(db, runId)).length;
  const stop = new AbortController();
  const working = work(db, team, runId, stop);
  const deadline = Date.now() + 30_000;
  while ((await trialsOf(db, runId)).length === before && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 2));
  stop.abort();
  await working;
  return (await trialsOf(db, runId)).length;
}
