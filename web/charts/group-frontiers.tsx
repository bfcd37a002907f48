import { spreadLabels } from './end-labels';
import { frontierDomain } from './frontier-domain';
import { stepCorners, type Point } from './frontier-steps';
import { pathThrough, percent, Plot } from './plot';
import { makeScale } from './scale';
import { SeriesMark } from './series-mark';
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
  const places = spreadLabels(
    series.map((s) => 1 - y.place(s.frontier.at(-1)?.accuracy ?? domain.accuracy[0])),
    0.055,
    series.map(({ label }) => label),
  );
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
