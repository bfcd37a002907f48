import { PreviewPruningDocument, type PruningInput } from '@/graphql/generated/documents';
import { ask, failureResponse } from '@/server/api';

/** What pruning would do: a `PruningInput` comes in, the API judges it. Nothing is stored. */
export async function POST(request: Request): Promise<Response> {
  const input = (await request.json().catch(() => null)) as PruningInput | null;
  if (input === null)
    return failureResponse({ code: 'BAD_INPUT', message: 'The body is no JSON.', requestId: null });
  const answer = await ask(PreviewPruningDocument, { input });
  return answer.ok ? Response.json(answer.data.previewPruning) : failureResponse(answer.failure);
}
