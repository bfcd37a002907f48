import { sleep } from './sleep.js';

/** The server's answer to a request that reached it and was refused. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';

  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string | undefined,
    /** What else the server said of it: `extensions` of the error. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${message} (${code}${requestId ? `, request ${requestId}` : ''})`);
  }
}

/** No server answered within the client's patience. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What came of one try: the answer, or why there is none; `refusal` when a server was there. */
export type Outcome<T> =
  { readonly data: T } | { readonly message: string; readonly refusal: ServerRefusal | null };

export interface Patience {
  readonly signal: AbortSignal;
  /** How long it is tried again, milliseconds; for ever when absent. */
  readonly patienceMs?: number;
  readonly onTrouble: (message: string, waitMs: number) => void;
}

/** Codes of a passing state. */
const PASSING = new Set(['UNAVAILABLE', 'TIMEOUT', 'INTERNAL', 'RATE_LIMITED']);
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;

/**
 * Tries until the server answers: no connection, 5xx and RATE_LIMITED are tried again, waiting longer each time, up to 15 s.
 * Rejects with ServerRefusal for what would be refused again, with the signal's reason, or when the patience is at its end
 * with the last refusal or NoAnswer.
 */
export async function patiently<T>(
  attempt: () => Promise<Outcome<T>>,
  { signal, patienceMs = Infinity, onTrouble }: Patience,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const outcome = await attempt();
    if ('data' in outcome) return outcome.data;
    if (outcome.refusal && !PASSING.has(outcome.refusal.code)) throw outcome.refusal;
    if (performance.now() + waitMs > end)
      throw outcome.refusal ?? new NoAnswer(`There is ${outcome.message}.`);
    onTrouble(outcome.message, waitMs);
    await sleep(waitMs, signal);
  }
}

interface Body {
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>> & {
      readonly code?: string;
      readonly requestId?: string;
    };
  }[];
}

/** Sends one request and reads the JSON that answers it; `T` is its form when it holds no errors. */
export async function requested<T>(
  url: URL,
  init: RequestInit,
  token: string | null,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  let text: string;
  try {
    const response = await fetch(url, {
      ...init,
      headers: { ...init.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
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
  if (!first) return { data: body as T };
  const { code = 'UNKNOWN', requestId, ...details } = first.extensions ?? {};
  const refusal = new ServerRefusal(code, first.message, requestId, details);
  return { message: refusal.message, refusal };
}
