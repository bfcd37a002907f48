import { frontierDomain } from './frontier-domain';
import { stepCorners, type Point } from './frontier-steps';
import { pathThrough, percent, Plot } from './plot';
import { makeScale } from './scale';

/** The frontier of one search as a step line with a mark for each network. */
export function RunFrontier({
  frontier,
  metric,
  unit,
}: {
  frontier: readonly Point[];
  metric: string;
  unit: string;
}) {
  const domain = frontierDomain(frontier, null);
  const x = makeScale(domain.latencyMs, false, 7);
  const y = makeScale(domain.accuracy, false);
  return (
    <Plot
      compact
      x={{ scale: x, title: 'predicted latency, ms', better: 'left' }}
      y={{ scale: y, title: `${metric}, ${unit}`, better: 'up' }}
      shapes={
        <path
          d={pathThrough(
            stepCorners(frontier, domain.latencyMs[1]).map((p) => [p.latencyMs, p.accuracy]),
            x,
            y,
          )}
          fill="none"
          stroke="var(--leaf)"
          strokeWidth="2"
        />
      }
    >
      {frontier.map((point) => (
        <svg
          key={`${point.latencyMs} ${point.accuracy}`}
          viewBox="0 0 10 10"
          className="plot-mark"
          aria-hidden="true"
          style={{ left: percent(x.place(point.latencyMs)), top: percent(1 - y.place(point.accuracy)) }}
        >
          <circle cx="5" cy="5" r="3.5" fill="var(--paper)" stroke="var(--leaf)" strokeWidth="1.5" />
        </svg>
      ))}
    </Plot>
  );
}
