import 'server-only';
import { agentOperations } from '@espalier/device-agent/browser';
import { apiBase } from './api';

/** As the API's own: more would be refused there, after it had been passed on. */
const BODY_LIMIT_BYTES = Number(process.env.ESPALIER_BODY_LIMIT ?? 8_000_000);
const TIMEOUT_MS = 60_000;

/**
 * Passes one of an agent's operations on to the API, with the agent's own token and none of the visitor's cookies, and its
 * answer back as it is. Only operations that the agent has are passed on; the body is their variables. What is refused here
 * looks like what the API refuses.
 */
export async function forwardAgentOperation(name: string, request: Request): Promise<Response> {
  const query = agentOperations.get(name);
  if (query === undefined) return refused(404, 'NOT_FOUND', 'Agents have no such operation.');
  if (!request.headers.get('content-type')?.startsWith('application/json'))
    return refused(415, 'BAD_REQUEST', 'The variables are expected as application/json.');
  const text = await textWithin(request, BODY_LIMIT_BYTES);
  if (text === null) return refused(413, 'PAYLOAD_TOO_LARGE', `The body exceeds ${BODY_LIMIT_BYTES} bytes.`);
  const variables = jsonObject(text);
  if (variables === null) return refused(400, 'BAD_REQUEST', 'The variables are no JSON object.');
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
  const token = request.headers.get('authorization');
  if (token !== null) headers.set('authorization', token);
  try {
    const answer = await fetch(`${apiBase()}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
      cache: 'no-store',
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const requestId = answer.headers.get('x-request-id');
    return new Response(await answer.text(), {
      status: answer.status,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        ...(requestId === null ? {} : { 'x-request-id': requestId }),
      },
    });
  } catch {
    return refused(503, 'UNAVAILABLE', 'The API did not answer. It may be starting.');
  }
}

const refused = (status: number, code: string, message: string): Response =>
  Response.json({ errors: [{ message, extensions: { code } }] }, { status });

/** Null when there is more; what is too much is not read. */
async function textWithin(request: Request, mostBytes: number): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return null;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
