import { PruningAdviceDocument, type PruningAdviceQueryVariables } from '@/graphql/generated/documents';
import { ask, failureResponse } from '@/server/api';

/** Which rule to trust: the arguments of `pruningAdvice` come in, the API judges them. Nothing is stored. */
export async function POST(request: Request): Promise<Response> {
  const variables = (await request.json().catch(() => null)) as PruningAdviceQueryVariables | null;
  if (variables === null)
    return failureResponse({ code: 'BAD_INPUT', message: 'The body is no JSON.', requestId: null });
  const answer = await ask(PruningAdviceDocument, variables);
  return answer.ok ? Response.json(answer.data.pruningAdvice) : failureResponse(answer.failure);
}
