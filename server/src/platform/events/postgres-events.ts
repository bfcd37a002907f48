import { EventEmitter, on } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import type { Logger } from 'pino';
import { MISSED, type EventBus, type ProgressEvent } from './event-bus.js';

const CHANNEL = 'espalier_progress';

/** Progress over LISTEN/NOTIFY. Listening starts with the first subscriber and reconnects when the connection is lost. */
export function postgresEvents(url: string, log: Logger): EventBus {
  const pool = new Pool({ connectionString: url, max: 2, application_name: 'espalier events' });
  pool.on('error', (error) => log.warn({ err: error }, 'events: idle connection lost'));
  const emitter = new EventEmitter().setMaxListeners(0);
  const closing = new AbortController();
  let listening: Promise<void> | null = null;

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      const client = new Client({
        connectionString: url,
        application_name: 'espalier events',
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
      });
      try {
        await listenOn(client);
      } catch (error) {
        log.warn({ err: error }, 'events: cannot listen, trying again');
      }
      await client.end().catch(() => undefined);
      if (!closing.signal.aborted) await sleep(500);
    }
  }

  /** Hands on what is heard on a connection until it is lost or the bus is closed. */
  async function listenOn(client: Client): Promise<void> {
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.once('end', () => resolve());
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ payload }) => {
      const event = JSON.parse(payload ?? 'null') as ProgressEvent | null;
      if (event) emitter.emit(event.runId, event);
    });
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    // Whoever subscribed before this moment may have missed something.
    for (const name of emitter.eventNames()) if (name !== 'error') emitter.emit(name, MISSED);
    await lost;
  }

  return {
    async publish(event) {
      await pool.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)]);
    },
    subscribe(runId) {
      listening ??= listen();
      return heard(on(emitter, runId, { signal: closing.signal }));
    },
    subscribers: () =>
      emitter
        .eventNames()
        .filter((name) => name !== 'error')
        .reduce((sum, name) => sum + emitter.listenerCount(name), 0),
    async close() {
      closing.abort();
      await listening;
      await pool.end();
    },
  };
}

/** Not a generator: its `return` would wait for the `next` that waits for an event. */
function heard(source: AsyncIterator<unknown[]>): AsyncIterableIterator<ProgressEvent | typeof MISSED> {
  const ended = { value: undefined, done: true } as const;
  return {
    async next() {
      try {
        const { value, done } = await source.next();
        return done ? ended : { value: (value as [ProgressEvent | typeof MISSED])[0], done: false };
      } catch (error) {
        // Closing the bus ends every subscription; anything else is a fault.
        if ((error as { name?: string }).name === 'AbortError') return ended;
        throw error;
      }
    },
    async return() {
      await source.return?.();
      return ended;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
