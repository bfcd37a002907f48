import { spreadLabels } from './end-labels';
import { frontierDomain } from './frontier-domain';
import { stepCorners, type Point } from './frontier-steps';
import { pathThrough, percent, Plot } from './plot';
import { makeScale, type Scale } from './scale';
import { SeriesMark } from './series-mark';
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
  const places = spreadLabels(
    series.map((s) => 1 - y.place(s.attainment.median.at(-1)?.accuracy ?? domain.accuracy[0])),
    0.055,
    series.map(({ label }) => label),
  );
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
      {reference.map((point) => (
        <svg
          key={`${point.latencyMs} ${point.accuracy}`}
          viewBox="0 0 10 10"
          className="plot-mark"
          aria-hidden="true"
          style={{ left: percent(x.place(point.latencyMs)), top: percent(1 - y.place(point.accuracy)) }}
        >
          <circle cx="5" cy="5" r="3" fill="var(--paper)" stroke="var(--muted)" strokeWidth="1.2" />
        </svg>
      ))}
      {series.map(({ label, style }, i) => (
        <p
          key={label}
          className="plot-end-label flex items-center gap-1.5 text-ink"
          style={{ top: percent(places[i] ?? 0) }}
        >
          <SeriesMark style={style} className="shrink-0" />
          {label}
        </p>
      ))}
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
