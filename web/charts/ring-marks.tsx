import type { Point } from './frontier-steps';
import { percent } from './plot';
import type { Scale } from './scale';

interface RingMarksProps {
  points: readonly Point[];
  x: Scale;
  y: Scale;
  /** A colour of CSS. */
  stroke: string;
  radius: number;
  strokeWidth: number;
}

/** Open circles where networks are; what they mean the chart's lines and words say. */
export function RingMarks({ points, x, y, stroke, radius, strokeWidth }: RingMarksProps) {
  return points.map((point) => (
    <svg
      key={`${point.latencyMs} ${point.accuracy}`}
      viewBox="0 0 10 10"
      className="plot-mark"
      aria-hidden="true"
      style={{ left: percent(x.place(point.latencyMs)), top: percent(1 - y.place(point.accuracy)) }}
    >
      <circle cx="5" cy="5" r={radius} fill="var(--paper)" stroke={stroke} strokeWidth={strokeWidth} />
    </svg>
  ));
}
