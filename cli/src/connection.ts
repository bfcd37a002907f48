import { graphqlClient, type Client } from '@espalier/client';

/** The client for `ESPALIER_URL` and `ESPALIER_TOKEN`; throws when there is no token. */
export function connect(env: Readonly<Record<string, string | undefined>> = process.env): Client {
  const token = env['ESPALIER_TOKEN'];
  if (!token) throw new Error('Set ESPALIER_TOKEN to an API token of your team.');
  return graphqlClient({
    server: env['ESPALIER_URL'] ?? 'http://127.0.0.1:4000',
    token,
    signal: new AbortController().signal,
    onTrouble: (message, waitMs) => console.error(`${message}; trying again in ${waitMs} ms`),
  });
}
