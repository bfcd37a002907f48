import type { RunStatus } from '@/graphql/generated/documents';

const names: Record<RunStatus, string> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  STOPPED: 'stopped',
};

const colours: Record<RunStatus, string> = {
  QUEUED: 'text-muted',
  RUNNING: 'text-leaf',
  SUCCEEDED: 'text-ink',
  FAILED: 'text-danger',
  STOPPED: 'text-warning',
};

/** How a run stands: a shape and a word. */
export function RunStatusMark({ status }: { status: RunStatus }) {
  return (
    <span className={`inline-flex items-baseline gap-1.5 whitespace-nowrap ${colours[status]}`}>
      <svg
        viewBox="0 0 12 12"
        width="12"
        height="12"
        aria-hidden="true"
        className="self-center"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        {status === 'QUEUED' ? <circle cx="6" cy="6" r="4.5" strokeDasharray="2 2" /> : null}
        {status === 'RUNNING' ? <path d="M6 1.5a4.5 4.5 0 1 1-4.5 4.5" /> : null}
        {status === 'SUCCEEDED' ? <path d="m1.5 6.5 3 3 6-7" /> : null}
        {status === 'FAILED' ? <path d="m2 2 8 8M10 2 2 10" /> : null}
        {status === 'STOPPED' ? <path d="M2.5 2.500h7v7h-7z" /> : null}
      </svg>
      {names[status]}
    </span>
  );
}
