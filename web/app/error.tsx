'use client';

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <section role="alert" className="max-w-[68ch] border-l-2 border-danger py-1 pl-5">
      <h1 className="text-lg">This page stopped working</h1>
      <p className="mt-2">
        An unexpected error happened here, not in your data. Try again; if it stays, report it.
      </p>
      {error.digest ? (
        <p className="mt-4 text-sm text-muted">
          error <code className="font-mono text-ink">{error.digest}</code>
        </p>
      ) : null}
      <button type="button" className="button mt-4" onClick={reset}>
        Try again
      </button>
    </section>
  );
}
