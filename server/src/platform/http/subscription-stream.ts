import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { RequestContext } from '../../graphql/context.js';
import { checkLimits, LIMITS } from '../../graphql/limits.js';
import type { Budget } from '../budget.js';
import { EspalierError } from '../errors.js';
import { callerOf } from './operation-limits.js';

export interface StreamOptions {
  readonly schema: GraphQLSchema;
  readonly contextOf: (request: FastifyRequest) => Promise<RequestContext>;
  readonly format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly budget: Budget;
}

/** Subscriptions as server-sent events (one connection each), with the credentials and limits of `/graphql`. */
export function subscriptionStream({
  schema,
  contextOf,
  format,
  budget,
}: StreamOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const prepared = new WeakMap<FastifyRequest, RequestContext>();
  const handler = createHandler<never>({
    schema,
    async onSubscribe(request, params) {
      const context = prepared.get(request.raw);
      if (!context) throw new Error('The stream has no context.');
      const document = parse(params.query, { maxTokens: LIMITS.tokens });
      const errors = validate(schema, document, specifiedRules);
      if (errors.length > 0) return { errors } as never;
      const operation = getOperationAST(document, params.operationName);
      if (operation?.operation !== 'subscription')
        return {
          errors: [new EspalierError('BAD_REQUEST', 'Only a subscription can be streamed.')],
        } as never;
      const variables = (params.variables ?? {}) as Record<string, unknown>;
      const taken = budget.take(callerOf(context), checkLimits(schema, document, operation, variables));
      if ('retryAfterSeconds' in taken)
        return {
          errors: [
            new EspalierError(
              'RATE_LIMITED',
              `The budget is spent; come back in ${taken.retryAfterSeconds} s.`,
              taken,
            ),
          ],
        } as never;
      return {
        schema,
        document,
        operationName: params.operationName,
        variableValues: variables,
        contextValue: context,
      } as never;
    },
    onNext(_context, request, result) {
      const requestId = request.raw.id;
      if (!('errors' in result) || !result.errors) return undefined;
      const errors = result.errors.map((error) => {
        const formatted = format(error.toJSON(), error);
        return new GraphQLError(formatted.message, { extensions: { ...formatted.extensions, requestId } });
      });
      return { ...result, errors };
    },
  });
  return async (request, reply) => {
    let context: RequestContext;
    try {
      context = await contextOf(request);
    } catch (error) {
      const formatted = format(error instanceof GraphQLError ? error.toJSON() : { message: '' }, error);
      const { http: _http, ...extensions } = formatted.extensions ?? {};
      await reply
        .status(401)
        .send({ errors: [{ ...formatted, extensions: { ...extensions, requestId: request.id } }] });
      return;
    }
    prepared.set(request, context);
    await handler(request, reply);
  };
}
