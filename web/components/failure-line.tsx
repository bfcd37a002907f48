import type { Failure } from '@/server/api';

/** Why a part of a page has no answer, with the request id; the rest of the page stays. */
export function FailureLine({ failure }: { failure: Failure }) {
  return (
    <p role="alert" className="max-w-[80ch] border-l-2 border-danger py-1 pl-4 text-sm">
      {failure.message} <code className="font-mono text-danger">{failure.code}</code>
      {failure.requestId ? (
        <span className="text-muted">
          {' '}
          request <code className="font-mono">{failure.requestId}</code>
        </span>
      ) : null}
    </p>
  );
}
