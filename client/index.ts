import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { patiently, requested, type Patience } from './patience.js';

export { NoAnswer, patiently, requested, ServerRefusal, type Patience } from './patience.js';
export { sleep } from './sleep.js';
export { uploadChunks, type ChunkedFile } from './upload-chunks.js';

/** A generated operation: its text, and the types of its result and variables. */
export type Operation<Result, Variables> = DocumentTypeDecoration<Result, Variables> & { toString(): string };

export interface Client {
  /**
   * Sends an operation until the server answers: no connection, 5xx and RATE_LIMITED are tried again, waiting longer
   * each time, up to 15 s. Rejects with ServerRefusal for what would be refused again, with the signal's reason, or when
   * the patience is at its end with the last refusal or NoAnswer.
   */
  send<Result, Variables>(document: Operation<Result, Variables>, variables: Variables): Promise<Result>;
}

export interface ClientOptions extends Patience {
  /** The server's address; `/graphql` is added when it has no path. */
  readonly server: string;
  readonly token: string | null;
}

export function graphqlClient({ server, token, ...patience }: ClientOptions): Client {
  const url = new URL(server);
  if (url.pathname === '/') url.pathname = '/graphql';
  return {
    async send(document, variables) {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: document.toString(), variables }),
      };
      const { data } = await patiently(
        () => requested<{ data: unknown }>(url, init, token, patience.signal),
        patience,
      );
      return data as never;
    },
  };
}
