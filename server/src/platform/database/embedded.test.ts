import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inChild } from '../testing/child.js';
import { startEmbeddedDatabase, type EmbeddedDatabase } from './embedded.js';

const log = pino({ level: 'silent' });

describe('the embedded database', () => {
  let dataDir: string;
  const running: EmbeddedDatabase[] = [];
  const children: ChildProcess[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'espalier-embedded-'));
    // PostgreSQL runs as another account when we are root, and has to reach its folder.
    chmodSync(dataDir, 0o755);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const database of running.splice(0)) await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = async (): Promise<EmbeddedDatabase> => {
    const database = await startEmbeddedDatabase({ dataDir, password: 'secret', log });
    running.push(database);
    return database;
  };

  it('keeps data and port from one start to the next', async () => {
    const first = await start();
    await query(first.url, 'create table kept (value int)');
    await query(first.url, 'insert into kept values (7)');
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 7 }]);
  });

  it('is durable, listens on the loopback interface alone, and gives an owner who is no superuser', async () => {
    const { url } = await start();
    expect(
      await query(
        url,
        `select current_setting('fsync') f, current_setting('synchronous_commit') s, current_setting('listen_addresses') l`,
      ),
    ).toEqual([{ f: 'on', s: 'on', l: '127.0.0.1' }]);
    expect(
      await query(
        url,
        'select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user',
      ),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: true }]);
  });

  it('refuses a folder that another process uses, in words that say what to do', async () => {
    await start();
    await expect(start()).rejects.toThrow(/in use by another Espalier.*ESPALIER_DATA/);
  });

  it('refuses a password that is not the folder’s', async () => {
    await (await start()).stop();
    await expect(startEmbeddedDatabase({ dataDir, password: 'other', log })).rejects.toThrow(/secrets\.json/);
  });

  it('takes over from a process that was killed with its server still running', async () => {
    const { url, child } = await startInChild(dataDir);
    children.push(child);
    await query(url, 'create table kept (value int)');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const database = await start();
    expect(await query(database.url, 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
  });

  it('recovers when process and server were killed at once', async () => {
    const { url, child } = await startInChild(dataDir);
    children.push(child);
    await query(url, 'create table kept (value int)');
    await query(url, 'insert into kept values (1)');
    const server = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    child.kill('SIGKILL');
    process.kill(server, 'SIGKILL');
    await once(child, 'exit');
    const database = await start();
    expect(await query(database.url, 'select value from kept')).toEqual([{ value: 1 }]);
  });

  it('is not deceived by a stale postmaster.pid whose number another process has by now', async () => {
    await (await start()).stop();
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${dataDir}/postgres\n0\n1\n\n127.0.0.1\n`,
    );
    await expect(start()).resolves.toBeDefined();
  });

  it('works below a folder that only its owner may enter, also as root', async () => {
    chmodSync(dataDir, 0o700);
    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const folder = realpathSync(join(dataDir, 'postgres'));
    await running.pop()?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('starts the server again when the server alone was killed', async () => {
    const { url } = await start();
    const server = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(server, 'SIGKILL');
    let answer: unknown = null;
    for (let tries = 0; tries < 100 && answer === null; tries++) {
      await sleep(100);
      answer = await query(url, 'select 1 as one').catch(() => null);
    }
    expect(answer).toEqual([{ one: 1 }]);
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

/** Starts the database in a process of its own, so that it can be killed. */
async function startInChild(dataDir: string): Promise<{ url: string; child: ChildProcess }> {
  const module = new URL('../testing/start-embedded.ts', import.meta.url);
  const { child, answer } = await inChild<string>(module, 'startEmbedded', dataDir);
  return { url: answer, child };
}
