import type { CSSProperties } from 'react';
import type { MarkerShape, SeriesStyle } from './series-style';

const paths: Record<MarkerShape, string> = {
  circle: 'M5 1.2a3.8 3.8 0 1 1 0 7.6a3.8 3.8 0 1 1 0-7.6z',
  square: 'M1.6 1.6h6.8v6.8H1.6z',
  triangle: 'M5 .8 9.4 8.8H.6z',
  diamond: 'M5 .4 9.6 5 5 9.6 .4 5z',
  cross: 'M1 2.4 2.4 1 5 3.6 7.6 1 9 2.4 6.4 5 9 7.6 7.6 9 5 6.4 2.4 9 1 7.6 3.6 5z',
  plus: 'M3.9 .8h2.2v3.1h3.1v2.2H6.1v3.1H3.9V6.1H.8V3.9h3.1z',
};

export function SeriesMark({
  style,
  className,
  place,
}: {
  style: SeriesStyle;
  className?: string;
  place?: CSSProperties;
}) {
  return (
    <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" className={className} style={place}>
      <path
        d={paths[style.marker]}
        fill={style.colour}
        stroke={style.outlined ? 'var(--series-outline)' : 'none'}
        strokeWidth="1"
      />
    </svg>
  );
}

/** A line with its mark, as it is in the charts. */
export function SeriesSwatch({ style }: { style: SeriesStyle }) {
  return (
    <svg viewBox="0 0 34 10" width="34" height="10" aria-hidden="true" className="shrink-0 self-center">
      <path d="M0 5h34" stroke={style.colour} strokeWidth="2" strokeDasharray={style.dash} />
      <g transform="translate(12 0)">
        <SeriesMark style={style} />
      </g>
    </svg>
  );
}
