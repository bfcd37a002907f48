import { sleep, type Client } from '@espalier/client';
import { blockFiles, type BlockFiles } from '../agent/block-files.js';
import { beat, HEARTBEAT_MS, holdLeases, report } from '../agent/held-leases.js';
import { measureLeases } from '../agent/measure-leases.js';
import type { LeaseBatch } from '../agent/leased-spaces.js';
import { LeaseMeasurementsDocument } from '../graphql/generated/documents.js';
import type { CampaignLimits } from '../measuring/campaign.js';
import type { MeasuringDevice } from '../measuring/device.js';
import type { Gate } from './gate.js';
import type { AgentState } from './messages.js';
import { subjectWords } from './subject-words.js';
import { watched, type Watch } from './watched-device.js';

export interface PageAgentOptions {
  readonly client: Client;
  /** Makes the device that measures until `signal` aborts; `hold` keeps other pages from measuring. */
  readonly deviceFor: (signal: AbortSignal) => MeasuringDevice;
  readonly gate: Gate;
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
      const { retryAfterSeconds, pause, ...batch } = (
        await client.send(LeaseMeasurementsDocument, { input: { count: SUBJECTS } })
      ).leaseMeasurements;
      if (batch.leases.length > 0) await measureAndReport(batch, blocks, seed, options);
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
  batch: LeaseBatch,
  blocks: BlockFiles,
  seed: number,
  { client, deviceFor, gate, signal, watch, limits, ...told }: PageAgentOptions,
): Promise<void> {
  const { leases } = batch;
  const givenUp = new AbortController();
  let activity = `measuring ${leases.length} subjects`;
  const held = holdLeases(client, leases, () => (gate.closed === null ? activity : inWords(gate)));
  const patience = setInterval(() => {
    if (gate.closedSinceMs !== null && performance.now() - gate.closedSinceMs > KEPT_WHILE_PAUSED_MS)
      givenUp.abort(new Error('the pause was long: the work was given back'));
  }, HEARTBEAT_MS);
  try {
    const total = leases.length;
    told.onState({ kind: 'MEASURING', done: 0, total, pass: 0, repeating: false });
    const measuring = AbortSignal.any([signal, held.lost, givenUp.signal]);
    const seen = watched(deviceFor(measuring), watch);
    const { reports } = await measureLeases(batch, {
      ...limits,
      client,
      blocks,
      // The lock is held already, from before the leases were taken.
      device: { ...seen.device, hold: async () => ({ crowd: null, release: async () => undefined }) },
      seed,
      signal: measuring,
      onModel: (model, { subject }) => seen.name(model, subjectWords(subject)),
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
    const { taken, refusals } = await report(client, held.due(reports));
    for (const refusal of refusals) told.onTrouble(`A report was refused: ${refusal}`);
    told.onMeasured(taken);
  } catch (error) {
    if (signal.aborted || !(held.lost.aborted || givenUp.signal.aborted)) throw error;
  } finally {
    clearInterval(patience);
    held.release();
  }
}

const inWords = ({ closed }: Gate): string =>
  closed === 'HIDDEN' ? 'paused: the page is not in front' : 'paused by its user';
