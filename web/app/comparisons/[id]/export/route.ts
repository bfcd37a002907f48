import { loadComparison } from '@/server/comparison';
import { failureResponse } from '@/server/api';
import { attachment, csv } from '@/server/download';
import { pathParameter } from '@/server/leaderboard';

/** The curves of a comparison: one line a group and checkpoint, or the whole comparison as JSON. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/comparisons/[id]/export'>,
): Promise<Response> {
  const answer = await loadComparison(pathParameter((await params).id));
  if (!answer.ok) return failureResponse(answer.failure);
  const comparison = answer.data;
  if (!comparison) return new Response(null, { status: 404 });
  if (new URL(request.url).searchParams.get('format') === 'json')
    return Response.json(comparison, { headers: attachment('comparison.json') });
  const head = [
    'group',
    'evaluations',
    'igd_plus_low',
    'igd_plus',
    'igd_plus_high',
    'gd_low',
    'gd',
    'gd_high',
    'hypervolume_low',
    'hypervolume',
    'hypervolume_high',
  ];
  const rows = comparison.groups.flatMap(({ label, igdPlus, gd, hypervolumeRatio }) =>
    comparison.checkpoints.map((at, i) => [
      label,
      at,
      ...[igdPlus, gd, hypervolumeRatio].flatMap((band) => [
        band.low[i] ?? null,
        band.median[i] ?? null,
        band.high[i] ?? null,
      ]),
    ]),
  );
  return csv('comparison.csv', [head, ...rows]);
}
