import { setTimeout as sleep } from 'node:timers/promises';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';

/** A generated operation: its text, and the types of its result and variables. */
export type Operation<Result, Variables> = DocumentTypeDecoration<Result, Variables> & { toString(): string };

/** The server's answer to a request that reached it and was refused. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';

  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string | undefined,
  ) {
    super(`${message} (${code}${requestId ? `, request ${requestId}` : ''})`);
  }
}

/** No server answered within the client's patience. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface Client {
  /**
   * Sends an operation until the server answers: no connection, 5xx and RATE_LIMITED are tried again, waiting longer
   * each time, up to 15 s. Rejects with ServerRefusal for what would be refused again, with the signal's reason, or when
   * the patience is at its end with the last refusal or NoAnswer.
   */
  send<Result, Variables>(document: Operation<Result, Variables>, variables: Variables): Promise<Result>;
}

export interface ClientOptions {
  /** The server's address; `/graphql` is added when it has no path. */
  readonly server: string;
  readonly token: string | null;
  readonly signal: AbortSignal;
  /** How long an operation is tried again, milliseconds; for ever when absent. */
  readonly patienceMs?: number;
  readonly onTrouble: (message: string, waitMs: number) => void;
}

/** Codes of a passing state. */
const PASSING = new Set(['UNAVAILABLE', 'TIMEOUT', 'INTERNAL', 'RATE_LIMITED']);
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

export function graphqlClient({
  server,
  token,
  signal,
  patienceMs = Infinity,
  onTrouble,
}: ClientOptions): Client {
  const url = new URL(server);
  if (url.pathname === '/') url.pathname = '/graphql';
  return {
    async send(document, variables) {
      const end = performance.now() + patienceMs;
      for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        const outcome = await attempt(url, token, document.toString(), variables, signal);
        if ('data' in outcome) return outcome.data as never;
        if (outcome.refusal && !PASSING.has(outcome.refusal.code)) throw outcome.refusal;
        if (performance.now() + waitMs > end)
          throw outcome.refusal ?? new NoAnswer(`There is ${outcome.message}.`);
        onTrouble(outcome.message, waitMs);
        await sleep(waitMs, undefined, { signal });
      }
    },
  };
}

type Outcome =
  { readonly data: unknown } | { readonly message: string; readonly refusal: ServerRefusal | null };

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly requestId?: string };
  }[];
}

async function attempt(
  url: URL,
  token: string | null,
  query: string,
  variables: unknown,
  signal: AbortSignal,
): Promise<Outcome> {
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    const cause = (error as { cause?: { code?: string } }).cause?.code;
    return { message: `no answer from ${url.origin}${cause ? ` (${cause})` : ''}`, refusal: null };
  }
  let body: Body;
  try {
    body = JSON.parse(text) as Body;
  } catch {
    // A proxy's page instead of an answer: the server behind it is not there.
    return { message: `no answer in JSON from ${url.origin}`, refusal: null };
  }
  const first = body.errors?.[0];
  if (first) {
    const refusal = new ServerRefusal(
      first.extensions?.code ?? 'UNKNOWN',
      first.message,
      first.extensions?.requestId,
    );
    return { message: refusal.message, refusal };
  }
  return { data: body.data };
}
