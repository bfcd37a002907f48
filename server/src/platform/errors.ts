import { GraphQLError } from 'graphql';

/**
 * Every error a caller can meet: its code, HTTP status and meaning. The table is closed: an error that is not in it is
 * masked as INTERNAL and logged under the request id. Documented in docs/api/errors.md, which a test keeps complete.
 */
export const ERRORS = {
  BAD_INPUT: { status: 400, meaning: 'A value is malformed or out of its range; `field` names it.' },
  BAD_REQUEST: { status: 400, meaning: 'The request is not valid GraphQL over HTTP.' },
  QUERY_TOO_DEEP: { status: 400, meaning: 'The operation nests deeper than allowed.' },
  QUERY_TOO_COMPLEX: {
    status: 400,
    meaning: 'The operation has too many aliases, directives, tokens or root fields, or costs too much.',
  },
  UNAUTHENTICATED: { status: 401, meaning: 'No valid session or token; also an expired or revoked one.' },
  FORBIDDEN: { status: 403, meaning: 'The caller is known but the role or scope does not allow this.' },
  NOT_FOUND: { status: 404, meaning: 'Not there, or not the caller’s to see.' },
  CONFLICT: { status: 409, meaning: 'The state does not allow this: a name is taken, a run has ended.' },
  IDEMPOTENCY_MISMATCH: { status: 409, meaning: 'The same idempotencyKey was used with another input.' },
  LEASE_LOST: { status: 409, meaning: 'The lease expired or went to another device.' },
  MODEL_REFUSED: {
    status: 400,
    meaning: 'The ONNX model is malformed, or not of a kind that is taken in; `problems` lists every reason.',
  },
  PAIRING_CODE_INVALID: { status: 400, meaning: 'The pairing code is unknown, used or expired.' },
  PAYLOAD_TOO_LARGE: { status: 413, meaning: 'The body exceeds the limit.' },
  UPLOAD_OFFSET: {
    status: 409,
    meaning: 'The chunk does not begin where the upload ends; `expectedOffset` says where that is.',
  },
  UPLOAD_MISMATCH: {
    status: 409,
    meaning: 'What was received is not what was announced: its size or its SHA-256 differs.',
  },
  PRUNING_EMPTY: {
    status: 400,
    meaning: 'Pruning would leave a layer without a choice, or no network at all.',
  },
  RATE_LIMITED: { status: 429, meaning: 'The budget is spent; `retryAfterSeconds` says when to come back.' },
  TIMEOUT: { status: 503, meaning: 'The statement took too long.' },
  UNAVAILABLE: { status: 503, meaning: 'The database or the queue does not answer; try again.' },
  INTERNAL: { status: 500, meaning: 'Unexpected; quote the request id.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An error meant for the caller. `field` is the path of the offending input, for example `input.ratio`. */
export class EspalierError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: { field?: string } & Record<string, unknown> = {}) {
    super(message, { extensions: { code, http: { status: ERRORS[code].status }, ...details } });
    this.code = code;
  }
}

/** The one answer for what is missing and for what may not be seen. */
export const notFound = (what: string): EspalierError => new EspalierError('NOT_FOUND', `${what} not found.`);

/** `details` go into the error's extensions, for programs. */
export const badInput = (
  field: string,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): EspalierError => new EspalierError('BAD_INPUT', message, { field, ...details });
