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
const CONNECTION_TROUBLE = /^(08|57P)|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT/;

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
    const state = String((cause as { code?: unknown } | null)?.code ?? '');
    if (state === QUERY_CANCELED)
      return { ...withCode(formatted, 'TIMEOUT'), message: 'The statement took too long.' };
    log.error({ err: cause, path: formatted.path }, 'unexpected error');
    if (CONNECTION_TROUBLE.test(state))
      return { ...withCode(formatted, 'UNAVAILABLE'), message: 'The database does not answer; try again.' };
    return {
      ...withCode(formatted, 'INTERNAL'),
      message: 'Something went wrong here. Quote the request id.',
    };
  };
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
