import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { ERRORS, EspalierError, type ErrorCode } from '../errors.js';

/** Codes of the libraries below us, said in ours. */
const TRANSLATED: Readonly<Record<string, ErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'BAD_REQUEST',
  GRAPHQL_VALIDATION_FAILED: 'BAD_REQUEST',
  BAD_REQUEST: 'BAD_REQUEST',
  BAD_USER_INPUT: 'BAD_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_REQUEST',
};

/** SQLSTATE of a cancelled statement. */
const QUERY_CANCELED = '57014';
/** SQLSTATE classes of connections, shutdown and too many clients, and what the socket says. */
const CONNECTION_TROUBLE = /^(08|57P|53300)|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT/;
/** The driver's own errors, which have no code. */
const NO_CONNECTION = /Connection terminated|timeout exceeded when trying to connect/;

/** An error as the caller may see it: its code from the closed table, or masked and logged. */
export function errorFormat(
  log: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const cause = unwrapResolverError(error);
    if (cause instanceof EspalierError) return formatted;
    const nested = cause instanceof GraphQLError ? cause.originalError : undefined;
    if (nested instanceof EspalierError) return withCode(formatted, nested.code, nested.extensions);
    // The parser gives up at the limit of tokens with a syntax error like any other.
    if (/contains more tha[nt] \d+ tokens/.test(formatted.message))
      return withCode(formatted, 'QUERY_TOO_COMPLEX');
    const code = TRANSLATED[String(formatted.extensions?.['code'])];
    if (code && (cause instanceof GraphQLError || cause === error)) return withCode(formatted, code);
    const { code: ours, message } = masked(log, cause, { path: formatted.path });
    return { ...withCode(formatted, ours), message };
  };
}

/** An error that was not meant for the caller, logged, and said without what it holds. */
export function masked(log: Logger, error: unknown, where: Readonly<Record<string, unknown>>): EspalierError {
  const state = String((error as { code?: unknown } | null)?.code ?? '');
  if (state === QUERY_CANCELED) return new EspalierError('TIMEOUT', 'The statement took too long.');
  log.error({ ...where, err: error }, 'unexpected error');
  return CONNECTION_TROUBLE.test(state) || NO_CONNECTION.test(String((error as Error | null)?.message))
    ? new EspalierError('UNAVAILABLE', 'The database does not answer; try again.')
    : new EspalierError('INTERNAL', 'Something went wrong here. Quote the request id.');
}

function withCode(
  formatted: GraphQLFormattedError,
  code: ErrorCode,
  more: Readonly<Record<string, unknown>> = {},
): GraphQLFormattedError {
  const { http: _http, ...rest } = more;
  return { ...formatted, extensions: { ...rest, code } };
}

/** The status that belongs to a code; 200 for none. */
export const statusOf = (code: unknown): number =>
  typeof code === 'string' && code in ERRORS ? ERRORS[code as ErrorCode].status : 200;
