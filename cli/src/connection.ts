import { graphqlClient, uploadChunks, type ChunkedFile, type Client } from '@espalier/client';
import { credentials } from './credentials.js';
import { CommandFailure } from './failures.js';

/** How long a command that only asks something waits for a server that is away. */
const PATIENCE_MS = 5_000;

/** The client for the credentials at hand; throws when there is no token. */
export function connect(): Client {
  return clientFor(PATIENCE_MS);
}

/** As `connect`, for what takes long: it waits for a server that is being started again. */
export function connectPatiently(): Client {
  return clientFor(Infinity);
}

/** A client without a token, for signing in. */
export function visitor(url: string): Client {
  return clientOf(url, null, PATIENCE_MS);
}

/** Sends the chunks of an upload, waiting for a server that is being started again. */
export function sendChunks(file: Omit<ChunkedFile, 'server' | 'token'>): Promise<void> {
  const { url, token } = signedIn();
  return uploadChunks({ ...file, server: url, token }, patience(Infinity));
}

/** A file that the server keeps beside its API, as a stream. */
export async function download(path: string): Promise<ReadableStream<Uint8Array>> {
  const { url, token } = signedIn();
  const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } }).catch(
    () => {
      throw new CommandFailure('UNREACHABLE', `There is no answer from ${url}.`);
    },
  );
  if (!response.ok || !response.body)
    throw new CommandFailure('FAILED', `The server refused ${path}: ${response.status}.`);
  return response.body;
}

function clientFor(patienceMs: number): Client {
  const { url, token } = signedIn();
  return clientOf(url, token, patienceMs);
}

function signedIn(): { url: string; token: string } {
  const { url, token } = credentials();
  if (token === null)
    throw new CommandFailure('SIGNED_OUT', 'You are not signed in: `espalier login`, or set ESPALIER_TOKEN.');
  return { url, token };
}

function clientOf(url: string, token: string | null, patienceMs: number): Client {
  if (!URL.canParse(url)) throw new CommandFailure('USAGE', `${url} is not the address of a server.`);
  return graphqlClient({ server: url, token, ...patience(patienceMs) });
}

const patience = (patienceMs: number) => ({
  patienceMs,
  signal: new AbortController().signal,
  onTrouble: (message: string, waitMs: number) => console.error(`${message}; trying again in ${waitMs} ms`),
});
