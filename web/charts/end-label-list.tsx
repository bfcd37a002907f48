import { spreadLabels } from './end-labels';
import { percent } from './plot';
import { SeriesMark } from './series-mark';
import type { SeriesStyle } from './series-style';

interface EndLabelListProps {
  /** `end` is where the line ends: 0 top – 1 bottom. */
  series: readonly { label: string; style: SeriesStyle; end: number }[];
  /** What a line of text takes, as a share of the plot's height. */
  height: number;
}

/** The names of the lines beside their ends, moved apart where they would touch. */
export function EndLabelList({ series, height }: EndLabelListProps) {
  const places = spreadLabels(
    series.map(({ end }) => end),
    height,
    series.map(({ label }) => label),
  );
  return series.map(({ label, style }, i) => (
    <p
      key={label}
      className="plot-end-label flex items-center gap-1.5 text-ink"
      style={{ top: percent(places[i] ?? 0) }}
    >
      <SeriesMark style={style} className="shrink-0" />
      {label}
    </p>
  ));
}
