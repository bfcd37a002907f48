import { EndLabelList } from './end-label-list';
import { frontierDomain } from './frontier-domain';
import { stepCorners, type Point } from './frontier-steps';
import { pathThrough, Plot } from './plot';
import { RingMarks } from './ring-marks';
import { makeScale } from './scale';
import type { SeriesStyle } from './series-style';

interface GroupFrontiersProps {
  series: readonly { label: string; style: SeriesStyle; frontier: readonly Point[] }[];
  reference: readonly Point[];
  metric: string;
  unit: string;
}

/** The frontier of every group as a step line, and the reference front as points beneath them. */
export function GroupFrontiers({ series, reference, metric, unit }: GroupFrontiersProps) {
  const domain = frontierDomain([...reference, ...series.flatMap((s) => s.frontier)], null);
  const x = makeScale(domain.latencyMs, false, 7);
  const y = makeScale(domain.accuracy, false);
  const ends = series.map((s) => ({
    ...s,
    end: 1 - y.place(s.frontier.at(-1)?.accuracy ?? domain.accuracy[0]),
  }));
  return (
    <Plot
      x={{ scale: x, title: 'latency, ms', better: 'left' }}
      y={{ scale: y, title: `${metric}, ${unit}`, better: 'up' }}
      shapes={
        <g className="grow">
          {series.map(({ label, style, frontier }) => (
            <path
              key={label}
              d={pathThrough(
                stepCorners(frontier, domain.latencyMs[1]).map((p) => [p.latencyMs, p.accuracy]),
                x,
                y,
              )}
              fill="none"
              stroke={style.colour}
              strokeWidth="2"
              strokeDasharray={style.dash}
            />
          ))}
        </g>
      }
    >
      <RingMarks points={reference} x={x} y={y} stroke="var(--muted)" radius={3} strokeWidth={1.2} />
      <EndLabelList series={ends} height={0.055} />
    </Plot>
  );
}
