import { EndLabelList } from './end-label-list';
import { frontierDomain } from './frontier-domain';
import { stepCorners, type Point } from './frontier-steps';
import { pathThrough, Plot } from './plot';
import { RingMarks } from './ring-marks';
import { makeScale, type Scale } from './scale';
import type { SeriesStyle } from './series-style';

/** What one, half and all of a group's runs attain, fastest first. */
export interface Attainment {
  best: readonly Point[];
  median: readonly Point[];
  worst: readonly Point[];
}

interface AttainmentChartProps {
  series: readonly { label: string; style: SeriesStyle; attainment: Attainment }[];
  reference: readonly Point[];
  metric: string;
  unit: string;
}

/** Median attainment surfaces as step lines, a band from what every run attains to what the best does. */
export function AttainmentChart({ series, reference, metric, unit }: AttainmentChartProps) {
  const domain = frontierDomain([...reference, ...series.flatMap((s) => s.attainment.best)], null);
  const x = makeScale(domain.latencyMs, false, 7);
  const y = makeScale(domain.accuracy, false);
  const end = domain.latencyMs[1];
  const ends = series.map((s) => ({
    ...s,
    end: 1 - y.place(s.attainment.median.at(-1)?.accuracy ?? domain.accuracy[0]),
  }));
  const line = (points: readonly Point[]): string =>
    pathThrough(
      stepCorners(points, end).map((p) => [p.latencyMs, p.accuracy]),
      x,
      y,
    );
  return (
    <Plot
      x={{ scale: x, title: 'latency, ms', better: 'left' }}
      y={{ scale: y, title: `${metric}, ${unit}`, better: 'up' }}
      shapes={
        <g className="grow">
          {series.map(({ label, style, attainment }) => (
            <path
              key={label}
              d={between(attainment, domain.accuracy[0], end, x, y)}
              fill={style.colour}
              fillOpacity="0.15"
            />
          ))}
          {series.map(({ label, style, attainment }) => (
            <path
              key={label}
              d={line(attainment.median)}
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

/** The area between the best and the worst surface; where not every run has a network so fast, it goes to the floor. */
function between({ best, worst }: Attainment, floor: number, end: number, x: Scale, y: Scale): string {
  const above = stepCorners(best, end);
  const first = above[0];
  if (!first) return '';
  const start = worst[0]?.latencyMs ?? end;
  const below: Point[] = [
    { latencyMs: first.latencyMs, accuracy: floor },
    { latencyMs: start, accuracy: floor },
    ...stepCorners(worst, end),
  ];
  return `${pathThrough(
    [...above, ...below.reverse()].map((p) => [p.latencyMs, p.accuracy]),
    x,
    y,
  )}Z`;
}
