import { patiently, requested, type Client, type Patience } from '@espalier/client';
import { operationName } from './operations.js';

export interface PageClientOptions extends Patience {
  /** The origin of the web pages, which pass the agent's operations on. */
  readonly origin: string;
  readonly token: string | null;
}

/** Sends an agent's operations by name to the page's own origin, without cookies. Rejects as `Client.send` says. */
export function pageClient({ origin, token, ...patience }: PageClientOptions): Client {
  return {
    async send(document, variables) {
      const url = new URL(`/api/agent/${operationName(document.toString())}`, origin);
      const init: RequestInit = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        credentials: 'omit',
        body: JSON.stringify(variables),
      };
      const { data } = await patiently(
        () => requested<{ data: unknown }>(url, init, token, patience.signal),
        patience,
      );
      return data as never;
    },
  };
}
