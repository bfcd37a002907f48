import { ProfileSamplesDocument } from '@/graphql/generated/documents';
import { ask, failureResponse, sendBytes } from '@/server/api';
import { attachment } from '@/server/download';
import { pathParameter } from '@/server/leaderboard';

/** Every sample of a profile, gzipped lines of JSON, as the API has them. */
export async function GET(
  _request: Request,
  { params }: RouteContext<'/profiles/[id]/samples'>,
): Promise<Response> {
  const id = pathParameter((await params).id);
  const answer = await ask(ProfileSamplesDocument, { id });
  if (!answer.ok) return failureResponse(answer.failure);
  const { node } = answer.data;
  if (!node || !('samplesPath' in node) || !node.samplesPath) return new Response(null, { status: 404 });
  const samples = await sendBytes('GET', node.samplesPath, null);
  if (!samples.ok) return failureResponse(samples.failure);
  return new Response(samples.data.body, {
    headers: { 'content-type': 'application/gzip', ...attachment('samples.ndjson.gz') },
  });
}
