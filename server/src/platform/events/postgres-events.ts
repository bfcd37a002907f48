import { EventEmitter, on } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import type { Logger } from 'pino';
import type { EventBus, ProgressEvent } from './event-bus.js';

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
      const client = new Client({ connectionString: url, application_name: 'espalier events' });
      try {
        await client.connect();
        client.on('notification', ({ payload }) => {
          const event = JSON.parse(payload ?? 'null') as ProgressEvent | null;
          if (event) emitter.emit(event.runId, event);
        });
        await client.query(`listen ${CHANNEL}`);
        await new Promise<void>((resolve) => {
          client.once('error', () => resolve());
          client.once('end', () => resolve());
          closing.signal.addEventListener('abort', () => resolve(), { once: true });
        });
      } catch (error) {
        log.warn({ err: error }, 'events: cannot listen, trying again');
      }
      await client.end().catch(() => undefined);
      if (!closing.signal.aborted) await sleep(500);
    }
  }

  return {
    async publish(event) {
      await pool.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)]);
    },
    subscribe(runId) {
      listening ??= listen();
      const events = on(emitter, runId, { signal: closing.signal });
      return mapped(events, ([event]) => event as ProgressEvent);
    },
    async close() {
      closing.abort();
      await listening;
      await pool.end();
    },
  };
}

async function* mapped<A, B>(
  source: AsyncIterable<A>,
  map: (item: A) => B,
): AsyncGenerator<B, void, undefined> {
  try {
    for await (const item of source) yield map(item);
  } catch (error) {
    // Closing the bus ends every subscription; anything else is a fault.
    if ((error as { name?: string }).name !== 'AbortError') throw error;
  }
}
