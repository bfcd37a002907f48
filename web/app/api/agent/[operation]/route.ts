import { forwardAgentOperation } from '@/server/agent-forwarding';

/**
 * Where a measuring page speaks to the API. It needs no protection against forged requests: cookies open nothing here, only
 * the agent's token does, and that no other page has.
 */
export async function POST(
  request: Request,
  { params }: RouteContext<'/api/agent/[operation]'>,
): Promise<Response> {
  return forwardAgentOperation((await params).operation, request);
}
