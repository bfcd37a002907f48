import { packTrialColumns } from '@/charts/trial-columns';
import { failureResponse } from '@/server/api';
import { loadCloud, pathParameter } from '@/server/leaderboard';

/** Latency, accuracy and index of every network as packed columns, 12 bytes a network. */
export async function GET(
  _request: Request,
  { params }: RouteContext<'/leaderboards/[id]/cloud'>,
): Promise<Response> {
  const answer = await loadCloud(pathParameter((await params).id));
  if (!answer.ok) return failureResponse(answer.failure);
  if (!answer.data) return new Response(null, { status: 404 });
  return new Response(packTrialColumns(answer.data), {
    headers: {
      'content-type': 'application/octet-stream',
      'cache-control': 'private, max-age=30',
      vary: 'cookie',
    },
  });
}
