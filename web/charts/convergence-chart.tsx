import { EndLabelList } from './end-label-list';
import { pathThrough, percent, Plot } from './plot';
import { makeScale, type Scale } from './scale';
import { SeriesMark } from './series-mark';
import type { SeriesStyle } from './series-style';

/** Median and quartiles over seeds at each checkpoint; null where no run had got that far. */
export interface Quartiles {
  low: readonly (number | null)[];
  median: readonly (number | null)[];
  high: readonly (number | null)[];
}

interface ConvergenceChartProps {
  title: string;
  checkpoints: readonly number[];
  series: readonly { label: string; style: SeriesStyle; band: Quartiles }[];
  better: 'up' | 'down';
}

/** A quality over evaluations, a line a group, bands between the quartiles. */
export function ConvergenceChart({ title, checkpoints, series, better }: ConvergenceChartProps) {
  const values = series
    .flatMap(({ band }) => [...band.low, ...band.high, ...band.median])
    .filter((v) => v !== null);
  const logarithmic = better === 'down' && values.length > 0 && values.every((v) => v > 1e-5);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = makeScale([checkpoints[0] ?? 1, checkpoints.at(-1) ?? 10], true);
  const y = logarithmic
    ? makeScale([low * 0.9, high * 1.1], true)
    : makeScale(
        better === 'down' ? [0, high * 1.05 || 1] : [Math.max(0, low - 0.02), Math.min(1.02, high + 0.02)],
        false,
        5,
      );
  const ends = series.map((each) => ({
    ...each,
    end: 1 - y.place(each.band.median.findLast((v) => v !== null) ?? low),
  }));
  return (
    <Plot
      compact
      x={{ scale: x, title: 'evaluations, log scale' }}
      y={{
        scale: y,
        title: logarithmic ? `${title}, log scale` : title,
        better,
        betterLabel: better === 'up' ? 'more covered' : 'closer',
      }}
      shapes={
        <g className="grow">
          {series.map(({ label, style, band }) => (
            <path key={label} d={bandArea(band, checkpoints, x, y)} fill={style.colour} fillOpacity="0.15" />
          ))}
          {series.map(({ label, style, band }) => (
            <path
              key={label}
              d={pathThrough(known(checkpoints, band.median), x, y)}
              fill="none"
              stroke={style.colour}
              strokeWidth="2"
              strokeDasharray={style.dash}
            />
          ))}
        </g>
      }
    >
      {series.map(({ label, style, band }) => (
        <div key={label}>
          {known(checkpoints, band.median).map(([at, value]) => (
            <SeriesMark
              key={at}
              style={style}
              className="plot-mark"
              place={{ left: percent(x.place(at)), top: percent(1 - y.place(value)) }}
            />
          ))}
        </div>
      ))}
      <EndLabelList series={ends} height={0.075} />
    </Plot>
  );
}

function known(checkpoints: readonly number[], values: readonly (number | null)[]): [number, number][] {
  return checkpoints.flatMap((at, i): [number, number][] => {
    const value = values[i];
    return value === null || value === undefined ? [] : [[at, value]];
  });
}

function bandArea(band: Quartiles, checkpoints: readonly number[], x: Scale, y: Scale): string {
  const around = [...known(checkpoints, band.low), ...known(checkpoints, band.high).reverse()];
  return around.length > 0 ? `${pathThrough(around, x, y)}Z` : '';
}
