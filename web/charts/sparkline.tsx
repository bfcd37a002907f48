import { stepCorners, type Point } from './frontier-steps';

/** A frontier the size of a word. */
export function Sparkline({ frontier }: { frontier: readonly Point[] }) {
  const first = frontier[0];
  const last = frontier.at(-1);
  if (!first || !last || frontier.length < 2) return <span className="text-muted">–</span>;
  const width = last.latencyMs - first.latencyMs || 1;
  const height = last.accuracy - first.accuracy || 1;
  const path = stepCorners(frontier, last.latencyMs + width * 0.06)
    .map(
      (p) =>
        `${(((p.latencyMs - first.latencyMs) / width) * 104 + 2).toFixed(1)} ${(26 - ((p.accuracy - first.accuracy) / height) * 24).toFixed(1)}`,
    )
    .join('L');
  return (
    <svg viewBox="0 0 112 28" width="112" height="28" aria-hidden="true" className="text-leaf">
      <path d={`M${path}`} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
