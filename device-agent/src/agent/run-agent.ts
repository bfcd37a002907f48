import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  HeartbeatDocument,
  LeaseMeasurementsDocument,
  ReportMeasurementsDocument,
  type MeasurementReportInput,
} from '../graphql/generated/documents.js';
import { DEFAULT_LIMITS, type CampaignEvent } from '../measuring/campaign.js';
import { ServerRefusal, type Client } from '@espalier/client';
import { blockFiles, type BlockFiles } from './block-files.js';
import { measureLeases, type MeasureOptions } from './measure-leases.js';
import type { Lease } from './subject-model.js';

export interface AgentOptions {
  readonly client: Client;
  /** Sends reports; goes on for a while after `signal`, so that what is measured is not lost. */
  readonly reporter: Client;
  /** How this machine measures. */
  readonly device: MeasureOptions['device'];
  /** Subjects leased at a time: enough for rounds to be far apart, few enough to report often. */
  readonly batchSize: number;
  /** Gives back what is leased and will not be measured, so that others need not wait until the leases run out. */
  readonly giveBack: () => Promise<void>;
  readonly log: Logger;
  /** Aborted when the agent should stop: the round at hand is finished and what is complete is reported. */
  readonly signal: AbortSignal;
}

const HEARTBEAT_MS = 10_000;
/** A report's samples make it large: it is sent in parts. */
const REPORTS_AT_ONCE = 25;

/** Leases, measures and reports until told to stop. A server that is away is waited for; what was measured is kept till then. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { client, batchSize, log, signal } = options;
  const blocks = blockFiles(client);
  let seed = Date.now() % 2_147_483_647;
  let paused: string | null = null;
  while (!signal.aborted) {
    const { leases, retryAfterSeconds, pause } = (
      await client.send(LeaseMeasurementsDocument, { input: { count: batchSize } })
    ).leaseMeasurements;
    if (leases.length > 0) {
      await measureAndReport(leases, blocks, seed++, options);
      continue;
    }
    if (pause != null && pause !== paused) log.info({ pause }, 'paused');
    paused = pause ?? null;
    await beat(client, paused === null ? 'idle' : `paused: ${paused}`, []);
    await sleep(retryAfterSeconds * 1000, undefined, { signal });
  }
}

async function measureAndReport(
  leases: readonly Lease[],
  blocks: BlockFiles,
  seed: number,
  { client, reporter, device, giveBack, log, signal }: AgentOptions,
): Promise<void> {
  const { threads, precision, provider, batch } = leases[0]?.target ?? {};
  log.info({ subjects: leases.length, threads, precision, provider, batch }, 'measuring');
  const started = performance.now();
  const held = new Set(leases.map((lease) => lease.fencingNumber));
  const allLost = new AbortController();
  let activity = `measuring ${leases.length} subjects`;
  let beating = false;
  const heart = setInterval(() => {
    // One that is waiting for a server that is away is enough.
    if (beating) return;
    beating = true;
    beat(client, activity, [...held])
      .then(
        (lost) => {
          lost.forEach((number) => held.delete(number));
          if (held.size === 0) allLost.abort(new Error('every lease was lost'));
        },
        (err: unknown) => log.debug({ err }, 'heartbeat not sent'),
      )
      .finally(() => {
        beating = false;
      });
  }, HEARTBEAT_MS);
  try {
    const { reports, peakMemoryBytes } = await measureLeases(leases, {
      client,
      blocks,
      device,
      seed,
      signal: allLost.signal,
      finish: signal,
      onProgress: (event) => {
        const before = activity;
        activity = describe(event);
        if (event.kind.startsWith('WAITING') && activity !== before) log.info(activity);
      },
    });
    const due = reports.filter((each) => held.has(each.fencingNumber));
    await report(reporter, due, log);
    const seconds = Math.round((performance.now() - started) / 1000);
    log.info({ subjects: due.length, of: leases.length, seconds, peakMemoryBytes }, 'reported');
    for (const { error } of due) if (error != null) log.warn({ error }, 'a subject failed');
    if (signal.aborted && due.length < held.size) await giveBack();
  } catch (error) {
    if (signal.aborted && !allLost.signal.aborted) await giveBack();
    if (signal.aborted || !allLost.signal.aborted) throw error;
    log.warn('the leases were lost; asking for others');
  } finally {
    clearInterval(heart);
  }
}

async function beat(
  client: Client,
  activity: string,
  fencingNumbers: readonly number[],
): Promise<readonly number[]> {
  const { heartbeat } = await client.send(HeartbeatDocument, {
    input: { activity: activity.slice(0, 200), fencingNumbers: [...fencingNumbers] },
  });
  return heartbeat.lostFencingNumbers;
}

async function report(
  client: Client,
  reports: readonly MeasurementReportInput[],
  log: Logger,
): Promise<void> {
  for (let at = 0; at < reports.length; at += REPORTS_AT_ONCE) {
    try {
      const part = reports.slice(at, at + REPORTS_AT_ONCE);
      const { results } = (await client.send(ReportMeasurementsDocument, { input: { reports: part } }))
        .reportMeasurements;
      const refused = results.filter((result) => result.outcome === 'LEASE_LOST');
      if (refused.length > 0) log.warn({ refused: refused.length }, 'some results came too late');
    } catch (error) {
      // A refused part must not keep the others from being reported; its leases expire and are given out again.
      if (!(error instanceof ServerRefusal) || error.code === 'UNAUTHENTICATED') throw error;
      log.error({ err: error }, 'a report was refused');
    }
  }
}

function describe(event: CampaignEvent): string {
  switch (event.kind) {
    case 'WAITING_FOR_DEVICE':
      return `waiting: process ${event.pid} is measuring`;
    case 'WAITING_FOR_QUIET':
      return `waiting: other processes keep ${event.foreignCores.toFixed(1)} cores busy, ${event.allowedCores.toFixed(1)} may be`;
    case 'MEASURED':
      return `measuring: pass ${event.pass + 1}, ${event.done} of ${event.total}`;
    case 'REPEATING':
      return event.movedRatio > DEFAULT_LIMITS.driftRatio
        ? `repeating ${event.subjects} subjects: the reference network moved by ${(event.movedRatio * 100).toFixed(1)} %`
        : `repeating ${event.subjects} subjects: other processes were in the way`;
  }
}
