import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  getOperationAST,
  GraphQLError,
  parse,
  subscribe,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { RequestContext } from '../../graphql/context.js';
import { checkAgentFields } from '../../graphql/agent-fields.js';
import { checkLimits, LIMITS } from '../../graphql/limits.js';
import type { Budget } from '../budget.js';
import { EspalierError } from '../errors.js';
import { callerOf, spend } from './operation-limits.js';

export interface StreamOptions {
  readonly schema: GraphQLSchema;
  /** Who asks; throws when the credentials are not, or no longer, good. */
  readonly contextOf: (request: FastifyRequest) => Promise<RequestContext>;
  readonly format: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  readonly budget: Budget;
}

export interface SubscriptionStream {
  readonly handle: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Ends every stream, so that the server can close. */
  endAll(): Promise<void>;
}

interface Prepared extends ExecutionArgs {
  readonly contextValue: RequestContext;
}

/**
 * Subscriptions as server-sent events in the protocol of graphql-sse, one connection each, with the credentials and
 * limits of `/graphql`. Credentials are looked at again before each event: revoking a token ends its streams.
 */
export function subscriptionStream({ schema, contextOf, format, budget }: StreamOptions): SubscriptionStream {
  const open = new Set<AsyncIterator<ExecutionResult>>();
  const formatted = (request: FastifyRequest, error: GraphQLError): GraphQLFormattedError => {
    const { extensions, ...rest } = format(error.toJSON(), error);
    const { http: _http, ...visible } = extensions ?? {};
    return { ...rest, extensions: { ...visible, requestId: request.id } };
  };
  const refusal = (request: FastifyRequest, error: unknown): ExecutionResult =>
    // The library takes an answer for a result only when it has data.
    ({ data: null, errors: [formatted(request, asGraphQLError(error))] }) as unknown as ExecutionResult;

  const prepare = async (request: FastifyRequest): Promise<Prepared> => {
    const { query, variables, operationName } = bodyOf(request);
    const contextValue = await contextOf(request);
    const document = parse(query, { maxTokens: LIMITS.tokens });
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'subscription')
      throw new EspalierError('BAD_REQUEST', 'Only a subscription can be streamed.');
    spend(budget, callerOf(contextValue), checkLimits(schema, document, operation, variables));
    if (contextValue.principal.kind === 'AGENT') checkAgentFields(document, operation);
    return { schema, document, operationName, variableValues: variables, contextValue };
  };

  /** The results of a subscription while its caller's credentials last. */
  const guarded = async (
    request: FastifyRequest,
    prepared: Prepared,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> => {
    const result = await subscribe(prepared);
    if (!(Symbol.asyncIterator in result)) return rewritten(result);
    const source = result;
    const iterator: AsyncIterableIterator<ExecutionResult> = {
      async next() {
        try {
          const { value, done } = await source.next();
          if (done) return await ended();
          await contextOf(request);
          return { value: rewritten(value), done: false };
        } catch (error) {
          await ended();
          return { value: refusal(request, error), done: false };
        }
      },
      return: () => ended(),
      throw: () => ended(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    let over = false;
    async function ended(): Promise<IteratorReturnResult<undefined>> {
      open.delete(iterator);
      if (!over) {
        over = true;
        await source.return(undefined);
      }
      return { value: undefined, done: true };
    }
    open.add(iterator);
    return iterator;

    function rewritten(result: ExecutionResult): ExecutionResult {
      if (!result.errors) return result;
      const errors = result.errors.map((error) => formatted(request, error));
      return { data: null, ...result, errors } as unknown as ExecutionResult;
    }
  };

  const handler = createHandler({
    // Distinct connections only: a stream's token would be one more secret to keep.
    authenticate: () => null,
    async onSubscribe({ raw: request }) {
      try {
        return (await guarded(request, await prepare(request))) as ExecutionResult;
      } catch (error) {
        return refusal(request, error);
      }
    },
  });

  return {
    async handle(request, reply) {
      // The library writes to the socket itself, and takes this one media type alone.
      if (request.headers.accept !== 'text/event-stream')
        throw new EspalierError('BAD_REQUEST', 'A stream needs the header accept: text/event-stream.');
      reply.hijack();
      await handler(request, reply);
      // A stream was the last thing on its connection: kept alive it would keep a closing server waiting.
      request.raw.socket.destroySoon();
    },
    async endAll() {
      await Promise.all([...open].map((iterator) => iterator.return?.()));
    },
  };
}

const asGraphQLError = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });

interface Body {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

function bodyOf({ body }: FastifyRequest): Body {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  if (typeof query !== 'string') throw new EspalierError('BAD_REQUEST', 'The body has no query.');
  return {
    query,
    variables: typeof variables === 'object' && variables !== null ? { ...variables } : {},
    operationName: typeof operationName === 'string' ? operationName : null,
  };
}
