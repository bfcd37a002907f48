import { hypervolume2d } from '@espalier/nas/pareto';
import { meanAbsolutePercentageError } from '@espalier/nas/stats';
import type { Transaction } from '../../platform/database/tenancy.js';
import { frontierOf } from '../searches/index.js';
import type { LeaderboardEntryView } from './entities.js';

/** A leaderboard as its reader sees it, read once a request. */
export interface Standing {
  /** Non-dominated by predicted latency among all visible entries, fastest first. */
  readonly frontier: LeaderboardEntryView[];
  readonly runCount: number;
  readonly teamCount: number;
  /** Scaled 0–1 by the cloud's extremes; null without a cloud of positive extent. */
  readonly hypervolume: number | null;
  readonly predictionMape: number | null;
}

interface EntryRow {
  readonly id: string;
  readonly team_id: string;
  readonly search_run_id: string;
  readonly device_profile_id: string;
  readonly architecture_index: string;
  readonly encoding: number[];
  readonly accuracy: number;
  readonly predicted_ms: number;
  readonly floor_ms: number | null;
  readonly measurement_id: string | null;
  readonly unstable: boolean | null;
}

interface Extent {
  readonly runs: number;
  readonly teams: number;
  readonly best: number | null;
  readonly worst: number | null;
  readonly fastest: number | null;
  readonly slowest: number | null;
}

/** Row-level security decides what counts: nobody's frontier is shaped by what they may not see. */
export async function standingOf(tx: Transaction, leaderboardId: string): Promise<Standing> {
  const rows = await tx.query<EntryRow[]>(
    `select e.id, e.team_id, e.search_run_id, e.device_profile_id, e.architecture_index, e.encoding, e.accuracy,
       e.predicted_ms, l.floor_ms, l.measurement_id, l.unstable
     from leaderboard_entries e
     left join architecture_latencies l
       on l.device_profile_id = e.device_profile_id and l.architecture_index = e.architecture_index
     where e.leaderboard_id = $1`,
    [leaderboardId],
  );
  const [extent] = await tx.query<Extent[]>(
    `select (select count(*)::int from leaderboard_runs where leaderboard_id = $1) as runs,
       (select count(distinct team_id)::int from leaderboard_runs where leaderboard_id = $1) as teams,
       max(accuracy) as best, min(accuracy) as worst, min(predicted_ms) as fastest, max(predicted_ms) as slowest
     from leaderboard_points where leaderboard_id = $1`,
    [leaderboardId],
  );
  const entries = rows.map((row): LeaderboardEntryView & { latencyMs: number } => ({
    id: row.id,
    teamId: row.team_id,
    leaderboardId,
    searchRunId: row.search_run_id,
    deviceProfileId: row.device_profile_id,
    architectureIndex: Number(row.architecture_index),
    encoding: row.encoding,
    accuracy: row.accuracy,
    predictedMs: row.predicted_ms,
    latencyMs: row.predicted_ms,
    measuredMs: row.floor_ms,
    measurementId: row.measurement_id,
    unstable: row.unstable ?? false,
    contribution: 0,
  }));
  const frontier: LeaderboardEntryView[] = frontierOf(entries);
  const volume = extent ? weigh(frontier, extent) : null;
  const measured = frontier.flatMap((e) =>
    e.measuredMs === null ? [] : [{ actual: e.measuredMs, predicted: e.predictedMs }],
  );
  return {
    frontier,
    runCount: extent?.runs ?? 0,
    teamCount: extent?.teams ?? 0,
    hypervolume: volume,
    predictionMape:
      measured.length > 0
        ? meanAbsolutePercentageError(
            measured.map((m) => m.predicted),
            measured.map((m) => m.actual),
          )
        : null,
  };
}

/**
 * The frontier's hypervolume with both objectives scaled 0–1 by the cloud, the corner of the slowest and least accurate
 * as reference; sets each entry's share of it that no other entry covers.
 */
function weigh(
  frontier: readonly LeaderboardEntryView[],
  { best, worst, fastest, slowest }: Extent,
): number | null {
  if (best === null || worst === null || fastest === null || slowest === null) return null;
  if (best <= worst || slowest <= fastest) return null;
  const x = frontier.map((e) => (e.predictedMs - fastest) / (slowest - fastest));
  const y = frontier.map((e) => (best - e.accuracy) / (best - worst));
  frontier.forEach((entry, i) => {
    // Fastest first: the next one is slower, the one before less accurate.
    entry.contribution = Math.max(0, ((x[i + 1] ?? 1) - (x[i] ?? 1)) * ((y[i - 1] ?? 1) - (y[i] ?? 1)));
  });
  return hypervolume2d(Float64Array.from(x), Float64Array.from(y), 1, 1);
}
