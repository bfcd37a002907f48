import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@espalier/client';
import type { Logger } from 'pino';
import { LeaseMeasurementsDocument } from '../graphql/generated/documents.js';
import { DEFAULT_LIMITS, type CampaignEvent } from '../measuring/campaign.js';
import { nodeDevice, type NodeDeviceOptions } from '../runtimes/node-device.js';
import { blockFiles, type BlockFiles } from './block-files.js';
import { beat, holdLeases, report } from './held-leases.js';
import { measureLeases } from './measure-leases.js';
import type { LeaseBatch } from './leased-spaces.js';

export interface AgentOptions {
  readonly client: Client;
  /** Sends reports; goes on for a while after `signal`, so that what is measured is not lost. */
  readonly reporter: Client;
  /** How this machine measures; threads and provider are the leases' own. */
  readonly device: Omit<NodeDeviceOptions, 'threads' | 'provider'>;
  /** Subjects leased at a time: enough for rounds to be far apart, few enough to report often. */
  readonly batchSize: number;
  /** Gives back what is leased and will not be measured, so that others need not wait until the leases run out. */
  readonly giveBack: () => Promise<void>;
  readonly log: Logger;
  /** Aborted when the agent should stop: the round at hand is finished and what is complete is reported. */
  readonly signal: AbortSignal;
}

/** Leases, measures and reports until told to stop. A server that is away is waited for; what was measured is kept till then. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { client, batchSize, log, signal } = options;
  const blocks = blockFiles(client);
  let seed = Date.now() % 2_147_483_647;
  let paused: string | null = null;
  while (!signal.aborted) {
    const { retryAfterSeconds, pause, ...batch } = (
      await client.send(LeaseMeasurementsDocument, { input: { count: batchSize } })
    ).leaseMeasurements;
    if (batch.leases.length > 0) {
      await measureAndReport(batch, blocks, seed++, options);
      continue;
    }
    if (pause != null && pause !== paused) log.info({ pause }, 'paused');
    paused = pause ?? null;
    await beat(client, paused === null ? 'idle' : `paused: ${paused}`, []);
    await sleep(retryAfterSeconds * 1000, undefined, { signal });
  }
}

async function measureAndReport(
  { leases, spaces }: LeaseBatch,
  blocks: BlockFiles,
  seed: number,
  { client, reporter, device, giveBack, log, signal }: AgentOptions,
): Promise<void> {
  const [first] = leases;
  if (first === undefined) return;
  const { threads, precision, provider, batch } = first.target;
  log.info({ subjects: leases.length, threads, precision, provider, batch }, 'measuring');
  const started = performance.now();
  let activity = `measuring ${leases.length} subjects`;
  const held = holdLeases(
    client,
    leases,
    () => activity,
    (err) => log.debug({ err }, 'heartbeat not sent'),
  );
  try {
    const { reports, peakMemoryBytes } = await measureLeases(
      { leases, spaces },
      {
        client,
        blocks,
        device: nodeDevice({ ...device, threads, provider }),
        seed,
        signal: held.lost,
        finish: signal,
        onProgress: (event) => {
          const before = activity;
          activity = describe(event);
          if (event.kind.startsWith('WAITING') && activity !== before) log.info(activity);
        },
      },
    );
    const due = held.due(reports);
    const { taken, late, refusals } = await report(reporter, due);
    const seconds = Math.round((performance.now() - started) / 1000);
    log.info({ subjects: taken, of: leases.length, seconds, peakMemoryBytes }, 'reported');
    if (late > 0) log.warn({ late }, 'some results came too late');
    for (const refusal of refusals) log.error({ refusal }, 'a report was refused');
    for (const { error } of due) if (error != null) log.warn({ error }, 'a subject failed');
    if (signal.aborted && due.length < held.count()) await giveBack();
  } catch (error) {
    if (signal.aborted && !held.lost.aborted) await giveBack();
    if (signal.aborted || !held.lost.aborted) throw error;
    log.warn('the leases were lost; asking for others');
  } finally {
    held.release();
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
