import type { Closed } from './gate.js';
import type { RuntimeSettings } from './runtime.js';

/** What the page measures with: the settings that make its hardware target. */
export interface AgentSettings extends RuntimeSettings {
  /** Items per run. */
  readonly batch: number;
}

/** What a paired page keeps: who it is to the server, and with which settings. */
export interface PageIdentity {
  readonly deviceId: string;
  readonly token: string;
  readonly name: string;
  readonly settings: AgentSettings;
}

/** What only the page, not its worker, can read; null is what the browser does not tell. */
export interface PageFacts {
  readonly screen: string;
  readonly batteryRatio: number | null;
  readonly charging: boolean | null;
}

export type ToWorker =
  | {
      readonly kind: 'PAIR';
      readonly code: string;
      readonly name: string;
      readonly settings: AgentSettings;
      readonly facts: PageFacts;
      /** Address of the runtime's folder; ends with a slash. */
      readonly assets: string;
    }
  | {
      readonly kind: 'MEASURE';
      readonly identity: PageIdentity;
      readonly facts: PageFacts;
      readonly assets: string;
    }
  | { readonly kind: 'GATE'; readonly closed: Closed | null }
  | { readonly kind: 'STOP' };

/** What the agent is doing. */
export type AgentState =
  | { readonly kind: 'PREPARING' }
  /** Another page of this browser measures. */
  | { readonly kind: 'OTHER_PAGE' }
  /** For work; `pause` says why the server gives none to this device, null when there is none. */
  | { readonly kind: 'WAITING'; readonly pause: string | null }
  | {
      readonly kind: 'MEASURING';
      /** Subjects measured in this pass. */
      readonly done: number;
      readonly total: number;
      readonly pass: number;
      readonly repeating: boolean;
    }
  | { readonly kind: 'SENDING' };

export type FromWorker =
  | { readonly kind: 'PAIRED'; readonly identity: PageIdentity }
  | { readonly kind: 'STATE'; readonly state: AgentState }
  | { readonly kind: 'SUBJECT'; readonly words: string }
  /** A reading of the reference network, milliseconds. */
  | { readonly kind: 'REFERENCE'; readonly readingMs: number }
  /** Why the server gives no answer, in words; null when it does again. */
  | { readonly kind: 'TROUBLE'; readonly message: string | null }
  | { readonly kind: 'MEASURED'; readonly subjects: number }
  /** The agent has ended and says why; `code` is the server's when it refused. */
  | { readonly kind: 'ENDED'; readonly code: string | null; readonly message: string };
