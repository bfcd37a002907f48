import Link from 'next/link';
import type { Failure } from '@/server/api';
import { CopyButton } from './copy-button';

const advice: Record<string, string> = {
  UNAUTHENTICATED: 'Sign in, then come back to this page.',
  FORBIDDEN: 'Ask an owner or admin of the team for the right to see this.',
  RATE_LIMITED: 'Wait a moment, then load the page again.',
  API_UNREACHABLE: 'Load the page again in a moment.',
  UNAVAILABLE: 'Load the page again in a moment.',
  TIMEOUT: 'Load the page again; if it stays, the installation is too busy.',
};

/** What happened, what to do, and the request id to copy. */
export function FailureNotice({
  failure,
  title = 'This page could not be loaded',
}: {
  failure: Failure;
  title?: string;
}) {
  return (
    <section role="alert" className="max-w-[68ch] border-l-2 border-danger py-1 pl-5">
      <h1 className="text-lg">{title}</h1>
      <p className="mt-2">{failure.message}</p>
      <p className="mt-2 text-muted">
        {advice[failure.code] ?? 'Load the page again. If it stays, report it with the request id.'}
      </p>
      <p className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <code className="font-mono text-danger">{failure.code}</code>
        {failure.requestId ? (
          <span className="flex items-center gap-2 text-muted">
            request <code className="font-mono text-ink">{failure.requestId}</code>
            <CopyButton text={failure.requestId} label="Copy request id" />
          </span>
        ) : null}
        {failure.code === 'UNAUTHENTICATED' ? (
          <Link href="/sign-in" className="link">
            Sign in
          </Link>
        ) : null}
      </p>
    </section>
  );
}
