import 'server-only';
import type { TypedDocumentString } from '@/graphql/generated/documents';
import { readSession } from './session';

/** Why the API gave no answer, as it is shown to the reader. */
export interface Failure {
  code: string;
  message: string;
  requestId: string | null;
  /** Of UPLOAD_OFFSET: where the upload has got to. */
  expectedOffset?: number;
}

export type Answer<T> = { ok: true; data: T } | { ok: false; failure: Failure };

/** Where agents and trainers reach the API; differs from where this server reaches it behind a proxy. */
export function publicApiUrl(): string {
  return process.env.ESPALIER_PUBLIC_API_URL ?? process.env.ESPALIER_API_URL ?? 'http://127.0.0.1:4000';
}

/** True when an address leads to nothing that the reader may see, be it that the id in it is none. */
export function isMissing({ code }: Failure): boolean {
  return code === 'NOT_FOUND' || code === 'BAD_INPUT';
}

const statuses: Record<string, number> = {
  NOT_FOUND: 404,
  BAD_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CONFLICT: 409,
  UPLOAD_OFFSET: 409,
  UPLOAD_MISMATCH: 409,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
};

/** A failure as the answer of a route. */
export function failureResponse(failure: Failure): Response {
  return Response.json(failure, { status: statuses[failure.code] ?? 502 });
}

interface Reply {
  data?: unknown;
  errors?: {
    message: string;
    extensions?: { code?: string; requestId?: string; expectedOffset?: number };
  }[];
}

/**
 * Sends one operation with the visitor's session and team. Never throws: an API that cannot be reached is a failure
 * with code `API_UNREACHABLE`. A query with an expired session is asked again as a visitor, so that public pages stay
 * readable.
 */
export async function ask<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<Answer<R>> {
  const { token, teamSlug } = await readSession();
  const answer = await send<R>(document.toString(), variables, token, teamSlug);
  const expired = !answer.ok && answer.failure.code === 'UNAUTHENTICATED' && token !== null;
  return expired && document.trimStart().startsWith('query')
    ? send<R>(document.toString(), variables, null, null)
    : answer;
}

/** Sends bytes to an address of the API beside GraphQL, or takes them from there, with the visitor's session and team. */
export async function sendBytes(
  method: 'GET' | 'PUT',
  path: string,
  body: ArrayBuffer | null,
): Promise<Answer<Response>> {
  const { token, teamSlug } = await readSession();
  const headers = sessionHeaders(token, teamSlug);
  if (body) headers.set('content-type', 'application/octet-stream');
  let response: Response;
  try {
    response = await fetch(`${apiBase()}${path}`, {
      method,
      headers,
      body,
      cache: 'no-store',
      signal: AbortSignal.timeout(60_000),
    });
  } catch {
    return { ok: false, failure: unreachable(null) };
  }
  if (response.ok) return { ok: true, data: response };
  const reply = (await response.json().catch(() => ({}))) as Reply;
  return { ok: false, failure: failureOf(reply, response.headers.get('x-request-id')) };
}

async function send<R>(
  query: string,
  variables: unknown,
  token: string | null,
  team: string | null,
): Promise<Answer<R>> {
  const headers = sessionHeaders(token, team);
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/json');
  let reply: Reply;
  let requestId: string | null = null;
  try {
    const response = await fetch(`${apiBase()}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
      cache: 'no-store',
      signal: AbortSignal.timeout(30_000),
    });
    requestId = response.headers.get('x-request-id');
    reply = (await response.json()) as Reply;
  } catch {
    return { ok: false, failure: unreachable(requestId) };
  }
  if (reply.errors?.[0] || reply.data === undefined || reply.data === null)
    return { ok: false, failure: failureOf(reply, requestId) };
  return { ok: true, data: reply.data as R };
}

/** Where this server reaches the API. */
export const apiBase = (): string => process.env.ESPALIER_API_URL ?? 'http://127.0.0.1:4000';

function sessionHeaders(token: string | null, team: string | null): Headers {
  const headers = new Headers();
  if (token) headers.set('authorization', `Bearer ${token}`);
  if (token && team) headers.set('x-espalier-team', team);
  return headers;
}

const unreachable = (requestId: string | null): Failure => ({
  code: 'API_UNREACHABLE',
  message: 'The API did not answer. It may be starting; try again in a moment.',
  requestId,
});

function failureOf({ errors }: Reply, requestId: string | null): Failure {
  const error = errors?.[0];
  const { code, requestId: own, expectedOffset } = error?.extensions ?? {};
  return {
    code: code ?? 'INTERNAL',
    message: error?.message ?? 'The API gave an empty answer.',
    requestId: own ?? requestId,
    ...(expectedOffset === undefined ? {} : { expectedOffset }),
  };
}
