import { graphql, type ExecutionResult } from 'graphql';
import type { RequestContext } from '../../graphql/context.js';
import type { TestDatabase } from './database.js';

export interface Answer {
  // Tests read what they asked for; a wrong path fails the test as undefined does.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
  /** Code of each error, in order; the message's words where there is none. */
  readonly codes: readonly string[];
  readonly errors: ExecutionResult['errors'];
}

/** Runs an operation against the whole schema, as the caller of `ctx`, in a context of its own as each request has. */
export async function ask(
  db: TestDatabase,
  ctx: RequestContext,
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<Answer> {
  const { data, errors } = await graphql({
    schema: db.app.schema,
    source,
    variableValues,
    contextValue: db.contextOf(ctx.principal),
  });
  const codes = (errors ?? []).map((error) => String(error.extensions['code'] ?? error.message));
  return { data, codes, errors };
}
