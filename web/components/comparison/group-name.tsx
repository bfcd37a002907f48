import { SeriesSwatch } from '@/charts/series-mark';
import type { SeriesStyle } from '@/charts/series-style';

/** A group's line as the charts draw it, and its label. */
export function GroupName({ label, style }: { label: string; style: SeriesStyle | undefined }) {
  return (
    <span className="flex items-baseline gap-3 font-normal whitespace-normal max-sm:w-36 sm:whitespace-nowrap">
      {style ? <SeriesSwatch style={style} /> : null}
      {label.replaceAll(' %', '\u00a0%')}
    </span>
  );
}
