import type { AgentState, FromWorker, PageIdentity } from '@espalier/device-agent/browser';

/** What the page knows of its agent. */
export interface AgentView {
  /** Null until this browser is paired. */
  readonly identity: PageIdentity | null;
  /** Null while no agent runs. */
  readonly state: AgentState | null;
  /** What is measured now, in words. */
  readonly subject: string | null;
  /** The newest readings of the reference network, oldest first, milliseconds. */
  readonly readingsMs: readonly number[];
  readonly trouble: string | null;
  /** Subjects measured and taken by the server since the page was opened. */
  readonly measured: number;
  readonly failure: { readonly code: string | null; readonly message: string } | null;
}

export const NOBODY: AgentView = {
  identity: null,
  state: null,
  subject: null,
  readingsMs: [],
  trouble: null,
  measured: 0,
  failure: null,
};

const READINGS = 90;

export type AgentEvent =
  | FromWorker
  | { readonly kind: 'BEGUN'; readonly identity: PageIdentity | null }
  | { readonly kind: 'FORGOTTEN' };

export function agentView(view: AgentView, event: AgentEvent): AgentView {
  switch (event.kind) {
    case 'BEGUN':
      return { ...NOBODY, identity: event.identity, state: { kind: 'PREPARING' } };
    case 'FORGOTTEN':
      return NOBODY;
    case 'PAIRED':
      return { ...view, identity: event.identity };
    case 'STATE':
      return { ...view, state: event.state, subject: event.state.kind === 'MEASURING' ? view.subject : null };
    case 'SUBJECT':
      return { ...view, subject: event.words };
    case 'REFERENCE':
      return { ...view, readingsMs: [...view.readingsMs, event.readingMs].slice(-READINGS) };
    case 'TROUBLE':
      return { ...view, trouble: event.message };
    case 'MEASURED':
      return { ...view, measured: view.measured + event.subjects };
    case 'ENDED': {
      const { code, message } = event;
      // What the server no longer knows is of no use: it is paired anew.
      const identity = code === 'UNAUTHENTICATED' ? null : view.identity;
      return { ...view, identity, state: null, failure: { code, message } };
    }
  }
}
