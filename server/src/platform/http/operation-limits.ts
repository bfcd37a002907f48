import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from '../../graphql/context.js';
import { checkAgentFields } from '../../graphql/agent-fields.js';
import { checkLimits } from '../../graphql/limits.js';
import type { Budget } from '../budget.js';
import { EspalierError } from '../errors.js';

/**
 * Whose budget a request spends: the team's, or the visitor's address. A device has one of its own, so that two hundred of
 * them do not spend what their team's people need, and one that runs wild does not stop the others.
 */
export function callerOf({ principal, address }: RequestContext): string {
  switch (principal.kind) {
    case 'VISITOR':
      return `address:${address}`;
    case 'AGENT':
      return `device:${principal.deviceId}`;
    case 'USER':
      return `team:${principal.teamId ?? principal.userId}`;
    case 'TOKEN':
      return `team:${principal.teamId}`;
  }
}

/** Takes points from a caller's budget and returns what is left; RATE_LIMITED when there are too few. */
export function spend(budget: Budget, caller: string, points: number): number {
  const taken = budget.take(caller, points);
  if ('left' in taken) return taken.left;
  throw new EspalierError(
    'RATE_LIMITED',
    `The budget is spent; come back in ${taken.retryAfterSeconds} s.`,
    taken,
  );
}

/** Counts an operation's cost before execution, takes it from the caller's budget, and says both in `extensions`. */
export function operationLimits(budget: Budget): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      let cost: { requested: number; remaining: number } | null = null;
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const requested = checkLimits(schema, document, operation, request.variables ?? {});
          if (contextValue.principal.kind === 'AGENT') checkAgentFields(document, operation);
          cost = { requested, remaining: spend(budget, callerOf(contextValue), requested) };
        },
        async willSendResponse({ response, contextValue }) {
          if (response.body.kind !== 'single') return;
          const result = response.body.singleResult;
          if (cost) result.extensions = { ...result.extensions, cost };
          if (result.errors)
            result.errors = result.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, requestId: contextValue.requestId },
            }));
        },
      };
    },
  };
}
