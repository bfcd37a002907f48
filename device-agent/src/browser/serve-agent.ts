import { ServerRefusal, type Client } from '@espalier/client';
import {
  RegisterDeviceDocument,
  UpdateDeviceDocument,
  type UpdateDeviceInput,
} from '../graphql/generated/documents.js';
import type { CampaignLimits } from '../measuring/campaign.js';
import { AGENT_VERSION } from '../version.js';
import { createGate } from './gate.js';
import type { AgentSettings, FromWorker, PageFacts, PageIdentity, ToWorker } from './messages.js';
import { pageClient } from './page-client.js';
import { runPageAgent } from './run-page-agent.js';
import { loadRuntime, type WebRuntime } from './runtime.js';
import { describePage, pageTarget } from './surroundings.js';
import { STEPS_PER_SAMPLE, timerResolutionMs } from './timer.js';
import { webDevice } from './web-device.js';

/** The worker's global scope, or what stands for it. */
export interface WorkerPort {
  postMessage(message: FromWorker): void;
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
}

type ToMeasure = Extract<ToWorker, { kind: 'PAIR' | 'MEASURE' }>;

/** Registration answers a person who waits. */
const REGISTERING_MS = 30_000;
/** Subjects on a phone's memory at once, and a page that shows how far it is. */
const SESSIONS = 8;
const ROUND_MS = 10;

/** Runs the agent of a page in its worker: it pairs and measures as the page says, and says what it does. */
export function serveAgent(port: WorkerPort): void {
  const gate = createGate();
  const stopping = new AbortController();
  const { signal } = stopping;
  const say = (message: FromWorker): void => port.postMessage(message);
  const clientFor = (token: string | null, patienceMs = Infinity): Client =>
    sayingWhenItWorks(
      pageClient({
        origin: globalThis.location.origin,
        token,
        signal,
        patienceMs,
        onTrouble: (message) => say({ kind: 'TROUBLE', message }),
      }),
      () => say({ kind: 'TROUBLE', message: null }),
    );

  /** What the server is told of this device; the browser may have been updated since the last time. */
  const descriptionOf = async (
    runtime: WebRuntime,
    settings: AgentSettings,
    facts: PageFacts,
  ): Promise<UpdateDeviceInput> => ({
    targets: [await pageTarget(runtime, settings)],
    environment: await describePage(runtime, timerResolutionMs(), facts),
    agentVersion: AGENT_VERSION,
  });

  const pair = async (asked: Extract<ToWorker, { kind: 'PAIR' }>): Promise<PageIdentity> => {
    const { settings, assets, facts, name } = asked;
    // First of all, so that a runtime that does not load leaves the code good.
    const runtime = await loadRuntime(settings, assets);
    const { registerDevice } = await clientFor(null, REGISTERING_MS).send(RegisterDeviceDocument, {
      input: {
        pairingCode: asked.code,
        name,
        ...(await descriptionOf(runtime, settings, facts)),
      },
    });
    const { device, agentToken } = registerDevice;
    return { deviceId: device.id, token: agentToken, name: device.name, settings };
  };

  const measure = async (
    { token, settings }: PageIdentity,
    { assets, facts }: Pick<ToMeasure, 'assets' | 'facts'>,
  ): Promise<void> => {
    const runtime = await loadRuntime(settings, assets);
    const client = clientFor(token);
    await client.send(UpdateDeviceDocument, { input: await descriptionOf(runtime, settings, facts) });
    const resolutionMs = timerResolutionMs();
    await runPageAgent({
      client,
      deviceFor: (until) =>
        webDevice({
          runtime,
          resolutionMs,
          gate,
          signal: until,
          onOtherPage: () => say({ kind: 'STATE', state: { kind: 'OTHER_PAGE' } }),
        }),
      gate,
      limits: limitsFor(resolutionMs),
      signal,
      watch: {
        onSubject: atMostEvery(200, (words) => say({ kind: 'SUBJECT', words })),
        onReference: (readingMs) => say({ kind: 'REFERENCE', readingMs }),
      },
      onState: (state) => say({ kind: 'STATE', state }),
      onMeasured: (subjects) => say({ kind: 'MEASURED', subjects }),
      onTrouble: (message) => say({ kind: 'TROUBLE', message }),
    });
  };

  const begin = async (message: ToMeasure): Promise<void> => {
    say({ kind: 'STATE', state: { kind: 'PREPARING' } });
    try {
      const identity = message.kind === 'PAIR' ? await pair(message) : message.identity;
      if (message.kind === 'PAIR') say({ kind: 'PAIRED', identity });
      await measure(identity, message);
    } catch (error) {
      if (signal.aborted) return;
      const code = error instanceof ServerRefusal ? error.code : null;
      say({ kind: 'ENDED', code, message: error instanceof Error ? error.message : String(error) });
    }
  };

  port.onmessage = ({ data }) => {
    switch (data.kind) {
      case 'PAIR':
      case 'MEASURE':
        void begin(data);
        return;
      case 'GATE':
        gate.set(data.closed);
        return;
      case 'STOP':
        stopping.abort(new Error('the page was left'));
        return;
    }
  };
}

/** A sample is long where the clock is coarse: then a round has fewer of them, so that it takes about as long. */
function limitsFor(resolutionMs: number): Partial<CampaignLimits> {
  const longest = Math.max(1, STEPS_PER_SAMPLE * resolutionMs);
  return { sessions: SESSIONS, maxRuns: Math.max(4, Math.min(60, Math.round((2 * ROUND_MS) / longest))) };
}

function sayingWhenItWorks(client: Client, onAnswer: () => void): Client {
  return {
    async send(document, variables) {
      const result = await client.send(document, variables);
      onAnswer();
      return result;
    },
  };
}

/** Passes the newest text on, no more often than every `ms` milliseconds. */
function atMostEvery(ms: number, tell: (text: string) => void): (text: string) => void {
  let toldAt = -Infinity;
  return (text) => {
    if (performance.now() - toldAt < ms) return;
    toldAt = performance.now();
    tell(text);
  };
}
