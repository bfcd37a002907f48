import { readView } from '@/charts/leaderboard-view';
import { failureResponse } from '@/server/api';
import { attachment, csv } from '@/server/download';
import { loadLeaderboard, pathParameter } from '@/server/leaderboard';

const columns = [
  'rank',
  'encoding',
  'choices',
  'latency_ms',
  'predicted_ms',
  'measured_ms',
  'unstable',
  'accuracy',
  'params',
  'macs',
  'team',
  'contribution',
] as const;

/** The frontier as CSV or JSON, cut by the same `max` as the view. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/leaderboards/[id]/export'>,
): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const answer = await loadLeaderboard(pathParameter((await params).id));
  if (!answer.ok) return failureResponse(answer.failure);
  const board = answer.data.leaderboard;
  if (!board) return new Response(null, { status: 404 });
  const limit = readView(query).maxLatencyMs;
  const entries = board.frontier
    .filter((e) => limit === null || e.predictedMs <= limit)
    .map((e, i) => ({
      rank: i + 1,
      encoding: e.encoding.join(' '),
      choices: e.choices.join(' | '),
      latency_ms: e.measuredMs ?? e.predictedMs,
      predicted_ms: e.predictedMs,
      measured_ms: e.measuredMs,
      unstable: e.unstable,
      accuracy: e.accuracy,
      params: e.paramCount,
      macs: e.macs,
      team: e.team.slug,
      contribution: e.contribution,
    }));
  const name = `${board.space.name}-frontier`;
  if (query.get('format') === 'json')
    return Response.json(
      { leaderboard: board.title, task: board.task, target: board.target, entries },
      { headers: attachment(`${name}.json`) },
    );
  return csv(`${name}.csv`, [columns, ...entries.map((e) => columns.map((column) => e[column]))]);
}
