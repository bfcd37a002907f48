import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareDatabase, type BareDatabase } from '../testing/bare-database.js';
import { MISSED, type EventBus, type ProgressEvent } from './event-bus.js';
import { postgresEvents } from './postgres-events.js';

describe('progress events', () => {
  let database: BareDatabase;
  let publisher: EventBus;
  let listener: EventBus;

  beforeAll(async () => {
    database = await bareDatabase();
    const log = pino({ level: 'silent' });
    publisher = postgresEvents(database.urls.app, log);
    listener = postgresEvents(database.urls.app, log);
  });
  afterAll(async () => {
    await publisher.close();
    await listener.close();
    await database.close();
  });

  const event = (runId: string, done: number): ProgressEvent => ({
    runId,
    status: 'RUNNING',
    done,
    total: 10,
  });

  it('reach the subscribers of their run in another process, in order', async () => {
    const [run, other] = [randomUUID(), randomUUID()];
    const heard = listener.subscribe(run);
    // The first subscriber makes the connection; it is told when it listens.
    expect(await heard.next()).toEqual({ value: MISSED, done: false });
    await publisher.publish(event(other, 1));
    for (const done of [1, 2, 3]) await publisher.publish(event(run, done));
    for (const done of [1, 2, 3])
      expect(await heard.next()).toEqual({ value: event(run, done), done: false });
    await heard.return?.();
  });

  it('go on after the connection was lost, and say that some may have been missed', async () => {
    const run = randomUUID();
    const heard = listener.subscribe(run);
    await sleep(200);
    await database.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen espalier_progress'`,
    );
    expect(await heard.next()).toEqual({ value: MISSED, done: false });
    await publisher.publish(event(run, 7));
    expect(await heard.next()).toEqual({ value: event(run, 7), done: false });
    await heard.return?.();
  });

  it('end at once for a subscriber that leaves while it waits', async () => {
    const heard = listener.subscribe(randomUUID());
    const waiting = heard.next();
    await heard.return?.();
    expect((await waiting).done).toBe(true);
  });

  it('end for everybody when the bus is closed', async () => {
    const bus = postgresEvents(database.urls.app, pino({ level: 'silent' }));
    const heard = bus.subscribe(randomUUID());
    await heard.next();
    const waiting = heard.next();
    await bus.close();
    expect((await waiting).done).toBe(true);
  });
});
