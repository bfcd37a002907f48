export type LatencyStatus = 'measured' | 'predicted' | 'unstable';

export function statusOf(entry: { measuredMs: number | null; unstable: boolean }): LatencyStatus {
  if (entry.unstable) return 'unstable';
  return entry.measuredMs === null ? 'predicted' : 'measured';
}

/** ● measured, ○ predicted, ⚠ unstable: shape and word, never colour alone. */
export function StatusMark({
  status,
  reason,
}: {
  status: LatencyStatus;
  reason?: string | null | undefined;
}) {
  return (
    <span
      className={`inline-flex items-baseline gap-1.5 whitespace-nowrap ${status === 'unstable' ? 'text-warning' : ''}`}
      title={reason ?? undefined}
    >
      <svg
        viewBox="0 0 12 12"
        width="12"
        height="12"
        aria-hidden="true"
        className="self-center"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      >
        {status === 'measured' ? <circle cx="6" cy="6" r="4.5" fill="currentColor" /> : null}
        {status === 'predicted' ? <circle cx="6" cy="6" r="4.5" /> : null}
        {status === 'unstable' ? <path d="M6 1 11 10.500H1zM6 4.500v3M6 8.500v.6" /> : null}
      </svg>
      {status}
    </span>
  );
}
