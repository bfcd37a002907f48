import { frontierDomain } from './frontier-domain';
import { stepCorners, type Point } from './frontier-steps';
import { pathThrough, Plot } from './plot';
import { RingMarks } from './ring-marks';
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
      <RingMarks points={frontier} x={x} y={y} stroke="var(--leaf)" radius={3.5} strokeWidth={1.5} />
    </Plot>
  );
}
