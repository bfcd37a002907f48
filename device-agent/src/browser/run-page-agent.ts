import { ServerRefusal, sleep, type Client } from '@espalier/client';
import { blockFiles, type BlockFiles } from '../agent/block-files.js';
import type { Lease } from '../agent/subject-model.js';
import {
  HeartbeatDocument,
  LeaseMeasurementsDocument,
  ReportMeasurementsDocument,
  type MeasurementReportInput,
} from '../graphql/generated/documents.js';
import type { CampaignLimits } from '../measuring/campaign.js';
import type { MeasuringDevice } from '../measuring/device.js';
import type { Gate } from './gate.js';
import { measureLeases } from './measure-leases.js';
import type { AgentState } from './messages.js';
import type { Watch } from './watched-device.js';

export interface PageAgentOptions {
  readonly client: Client;
  /** Makes the device that measures until `signal` aborts; `hold` keeps other pages from measuring. */
  readonly deviceFor: (signal: AbortSignal) => MeasuringDevice;
  readonly gate: Gate;
  readonly batch: number;
  readonly limits: Partial<CampaignLimits>;
  readonly signal: AbortSignal;
  readonly watch: Watch;
  readonly onState: (state: AgentState) => void;
  /** Told how many subjects' results the server has taken. */
  readonly onMeasured: (subjects: number) => void;
  readonly onTrouble: (message: string) => void;
}

/** A page may be closed at any moment: few subjects at a time, so that little is lost. */
const SUBJECTS = 16;
const HEARTBEAT_MS = 10_000;
/** A pause longer than this gives the work back, so that others may do it. */
const KEPT_WHILE_PAUSED_MS = 60_000;

/**
 * Leases, measures and reports until the signal aborts, as `agent/run-agent.ts` does, while the gate is open and no other page
 * of this browser measures. Rejects with ServerRefusal when the server will not have this agent any more.
 */
export async function runPageAgent(options: PageAgentOptions): Promise<void> {
  const { client, deviceFor, gate, signal, onState } = options;
  const blocks = blockFiles(client);
  for (let seed = Date.now() % 2_147_483_647; !signal.aborted; seed++) {
    await openedSayingSo(options);
    const held = await deviceFor(signal).hold({ onProgress: () => undefined, signal });
    try {
      // The gate may have closed while another page measured.
      if (gate.closed !== null) continue;
      const { leases, retryAfterSeconds, pause } = (
        await client.send(LeaseMeasurementsDocument, { input: { count: SUBJECTS } })
      ).leaseMeasurements;
      if (leases.length > 0) await measureAndReport(leases, blocks, seed, options);
      else {
        onState({ kind: 'WAITING', pause: pause ?? null });
        await beat(client, 'idle', []);
        await sleep(retryAfterSeconds * 1000, signal);
      }
    } finally {
      await held.release();
    }
  }
}

/** Waits for the gate and meanwhile tells the server why nothing is measured. */
async function openedSayingSo({ client, gate, signal }: PageAgentOptions): Promise<void> {
  while (gate.closed !== null) {
    const wait = new AbortController();
    const due = setTimeout(() => wait.abort(new Error('time for a heartbeat')), HEARTBEAT_MS);
    await beat(client, inWords(gate), []);
    await gate.opened(AbortSignal.any([signal, wait.signal])).catch(() => signal.throwIfAborted());
    clearTimeout(due);
  }
}

async function measureAndReport(
  leases: readonly Lease[],
  blocks: BlockFiles,
  seed: number,
  { client, deviceFor, gate, signal, watch, batch, limits, ...told }: PageAgentOptions,
): Promise<void> {
  const held = new Set(leases.map((lease) => lease.fencingNumber));
  const givenUp = new AbortController();
  let activity = `measuring ${leases.length} subjects`;
  const heart = setInterval(() => {
    if (gate.closedSinceMs !== null && performance.now() - gate.closedSinceMs > KEPT_WHILE_PAUSED_MS) {
      givenUp.abort(new Error('the pause was long: the work was given back'));
      return;
    }
    beat(client, gate.closed === null ? activity : inWords(gate), [...held]).then(
      (lost) => {
        for (const number of lost) held.delete(number);
        if (held.size === 0) givenUp.abort(new Error('every lease was lost'));
      },
      // The client has said so already and tries again; a refusal comes back with the next lease.
      () => undefined,
    );
  }, HEARTBEAT_MS);
  try {
    const total = leases.length;
    told.onState({ kind: 'MEASURING', done: 0, total, pass: 0, repeating: false });
    const measuring = AbortSignal.any([signal, givenUp.signal]);
    const reports = await measureLeases(leases, {
      client,
      blocks,
      // The lock is held already, from before the leases were taken.
      device: {
        ...deviceFor(measuring),
        hold: async () => ({ crowd: null, release: async () => undefined }),
      },
      batch,
      limits,
      seed,
      signal: measuring,
      watch,
      onProgress: (event) => {
        if (event.kind === 'MEASURED') {
          const { done, pass } = event;
          activity = `measuring: pass ${pass + 1}, ${done} of ${event.total}`;
          told.onState({ kind: 'MEASURING', done, total: event.total, pass, repeating: false });
        } else if (event.kind === 'REPEATING')
          activity = `repeating: the reference network moved by ${(event.movedRatio * 100).toFixed(1)} %`;
      },
    });
    told.onState({ kind: 'SENDING' });
    const ours = reports.filter(({ fencingNumber }) => held.has(fencingNumber));
    told.onMeasured(await report(client, ours, told.onTrouble));
  } catch (error) {
    if (signal.aborted || !givenUp.signal.aborted) throw error;
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

/** Sends the reports and returns how many the server took. A refused report is given up: its lease expires. */
async function report(
  client: Client,
  reports: MeasurementReportInput[],
  onTrouble: (message: string) => void,
): Promise<number> {
  if (reports.length === 0) return 0;
  try {
    const { results } = (await client.send(ReportMeasurementsDocument, { input: { reports } }))
      .reportMeasurements;
    return results.filter(({ outcome }) => outcome !== 'LEASE_LOST').length;
  } catch (error) {
    if (!(error instanceof ServerRefusal) || error.code === 'UNAUTHENTICATED') throw error;
    onTrouble(`A report was refused: ${error.message}`);
    return 0;
  }
}

const inWords = ({ closed }: Gate): string =>
  closed === 'HIDDEN' ? 'paused: the page is not in front' : 'paused by its user';
