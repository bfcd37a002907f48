'use client';

import { plural } from '@/components/quantity';
import type { PageAgent } from './use-page-agent';
import { ReferenceDrift } from './reference-drift';

/** What the agent does now, large enough to be read across a desk, and the two things that its user may do. */
export function MeasuringPanel({ agent }: { agent: PageAgent }) {
  const { state, identity, subject, paused } = agent;
  const { title, detail } = inWords(agent);
  const measuring = state?.kind === 'MEASURING' ? state : null;
  return (
    <section
      aria-label="This agent"
      className="mt-8"
      data-state={paused ? 'PAUSED' : (state?.kind ?? 'ENDED')}
    >
      <div role="status" aria-live="polite">
        <h2 className="text-2xl">{title}</h2>
        <p className="mt-2 min-h-6 text-muted">{detail}</p>
      </div>
      {measuring ? (
        <>
          <progress
            className="measure-progress mt-6"
            aria-label="Subjects measured in this pass"
            value={measuring.done}
            max={measuring.total}
          />
          <p className="mt-2 min-h-6 text-sm">{subject ? `Now: ${subject}` : ''}</p>
        </>
      ) : null}
      <div className="mt-6 min-h-24">
        <ReferenceDrift readingsMs={agent.readingsMs} />
      </div>
      <div className="mt-6 grid gap-3 sm:flex">
        {state ? (
          <button
            type="button"
            className={`button measure-button ${paused ? '' : 'button-quiet'}`}
            onClick={() => agent.pause(!paused)}
          >
            {paused ? 'Resume' : 'Pause'}
          </button>
        ) : (
          <button
            type="button"
            className="button measure-button"
            onClick={() => identity && void agent.measure(identity)}
          >
            Try again
          </button>
        )}
        <button type="button" className="button button-quiet measure-button" onClick={agent.disconnect}>
          Disconnect
        </button>
      </div>
      <dl className="mt-8 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1 border-t border-hairline pt-4 text-sm">
        <dt className="text-muted">Device</dt>
        <dd>{identity?.name}</dd>
        <dt className="text-muted">Measures with</dt>
        <dd>{identity ? settingsInWords(identity.settings) : null}</dd>
        <dt className="text-muted">Measured here</dt>
        <dd data-measured={agent.measured}>{plural(agent.measured, 'subject')}</dd>
        <dt className="text-muted">Screen</dt>
        <dd>{agent.awake ? 'kept awake' : 'may go dark: then measuring pauses'}</dd>
      </dl>
      <p className="mt-4 text-sm text-muted">
        Disconnecting forgets the pairing; results that were sent stay.
      </p>
    </section>
  );
}

function settingsInWords({
  provider,
  threads,
  batch,
}: NonNullable<PageAgent['identity']>['settings']): string {
  const how = provider === 'wasm' ? `WebAssembly, ${plural(threads, 'thread')}` : 'WebGPU';
  return `${how}, batch ${batch}`;
}

function inWords({ state, paused, trouble, failure }: PageAgent): { title: string; detail: string } {
  if (failure) return { title: 'Stopped', detail: failure.message };
  if (paused)
    return { title: 'Paused', detail: 'Nothing is measured. After a minute, the work is given back.' };
  if (trouble) return { title: 'Server lost', detail: `${trouble}. It is tried again until it answers.` };
  switch (state?.kind) {
    case undefined:
    case 'PREPARING':
      return { title: 'Getting ready', detail: 'The runtime is loaded: some 15 MB the first time.' };
    case 'OTHER_PAGE':
      return {
        title: 'Waiting',
        detail: 'Another page of this browser measures: two at once would slow each other down.',
      };
    case 'WAITING':
      return {
        title: 'Waiting for work',
        detail: state.pause ?? 'Profiles that are started for its pool arrive here.',
      };
    case 'MEASURING':
      return { title: `Measuring ${state.done} of ${state.total}`, detail: `Pass ${state.pass + 1}` };
    case 'SENDING':
      return { title: 'Sending results', detail: '' };
  }
}
