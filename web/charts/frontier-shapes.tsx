import type { ChartEntry } from './frontier-chart';
import { largestGap, stepCorners, type Point } from './frontier-steps';
import { pathThrough, percent } from './plot';
import type { Scale } from './scale';

interface ShapesProps {
  frontier: readonly Point[];
  unpruned: readonly Point[] | null;
  x: Scale;
  y: Scale;
  endMs: number;
  maxLatencyMs: number | null;
}

/** Step lines of both frontiers, the gain between them, and the reader's latency limit. */
export function FrontierShapes({ frontier, unpruned, x, y, endMs, maxLatencyMs }: ShapesProps) {
  const line = (points: readonly Point[]) =>
    pathThrough(
      stepCorners(points, endMs).map((p) => [p.latencyMs, p.accuracy]),
      x,
      y,
    );
  return (
    <g className="grow">
      {unpruned && unpruned.length > 0 ? (
        <>
          <path d={gainArea(frontier, unpruned, endMs, x, y)} fill="var(--leaf)" fillOpacity="0.15" />
          <path d={line(unpruned)} fill="none" stroke="var(--copper)" strokeWidth="2" strokeDasharray="6 4" />
        </>
      ) : null}
      <path d={line(frontier)} fill="none" stroke="var(--leaf)" strokeWidth="2" />
      {maxLatencyMs !== null ? (
        <path
          d={`M${(x.place(maxLatencyMs) * 1000).toFixed(2)} 0V1000`}
          stroke="var(--ink)"
          strokeWidth="1.5"
          strokeDasharray="1.5 4"
        />
      ) : null}
    </g>
  );
}

/** Between the frontier and the unpruned one, from the unpruned one's fastest network on. */
function gainArea(
  frontier: readonly Point[],
  unpruned: readonly Point[],
  endMs: number,
  x: Scale,
  y: Scale,
): string {
  const start = unpruned[0]?.latencyMs ?? endMs;
  const before = frontier.findLast((p) => p.latencyMs <= start);
  if (!before) return '';
  const after = frontier.filter((p) => p.latencyMs > start);
  const upper = stepCorners([{ latencyMs: start, accuracy: before.accuracy }, ...after], endMs);
  const lower = stepCorners(unpruned, endMs).reverse();
  return `${pathThrough(
    [...upper, ...lower].map((p) => [p.latencyMs, p.accuracy]),
    x,
    y,
  )}Z`;
}

interface MarksProps {
  entries: readonly ChartEntry[];
  frontier: readonly Point[];
  unpruned: readonly Point[] | null;
  x: Scale;
  y: Scale;
  selected: number | null;
  maxLatencyMs: number | null;
}

/** A mark for every network of the frontier, and the lines' names at their ends. */
export function FrontierMarks({ entries, frontier, unpruned, x, y, selected, maxLatencyMs }: MarksProps) {
  const top = frontier.at(-1);
  const last = unpruned?.at(-1);
  const topPlace = top ? 1 - y.place(top.accuracy) : 0;
  const lastPlace = last ? Math.max(1 - y.place(last.accuracy), topPlace + 0.13) : 0;
  const gap = unpruned ? largestGap(frontier, unpruned) : null;
  return (
    <>
      {entries.map((entry, rank) => {
        const [left, up] = [x.place(entry.latencyMs), y.place(entry.accuracy)];
        if (left < 0 || left > 1 || up < 0 || up > 1) return null;
        const over = maxLatencyMs !== null && entry.latencyMs > maxLatencyMs;
        return (
          <svg
            key={entry.encoding.join('-')}
            viewBox="0 0 10 10"
            className="plot-mark"
            aria-hidden="true"
            data-entry={entry.encoding.join('-')}
            style={{ left: percent(left), top: percent(1 - up), opacity: over ? 0.35 : 1 }}
          >
            {selected === rank ? (
              <circle cx="5" cy="5" r="9" fill="none" stroke="var(--leaf)" strokeWidth="1.5" />
            ) : null}
            <Mark entry={entry} />
          </svg>
        );
      })}
      {top && topPlace >= 0 && topPlace <= 1 ? (
        <p className="plot-end-label" style={{ top: percent(topPlace) }}>
          <b className="text-sm text-leaf">frontier</b>
          <br />
          {entries.length} networks
        </p>
      ) : null}
      {last && lastPlace >= 0 && lastPlace <= 1 ? (
        <p className="plot-end-label" style={{ top: percent(lastPlace) }}>
          <b className="text-sm text-copper">unpruned</b>
          <br />
          {gap && gap.points >= 0.005
            ? `gain up to ${gap.points.toFixed(2)} points, at ${gap.latencyMs.toPrecision(3)} ms`
            : 'reaches the same frontier with all its seeds'}
        </p>
      ) : null}
    </>
  );
}

function Mark({ entry }: { entry: ChartEntry }) {
  if (entry.unstable)
    return <path d="M5 .5 9.5 9h-9z" fill="var(--paper)" stroke="var(--warning)" strokeWidth="1.5" />;
  const fill = entry.measuredMs === null ? 'var(--paper)' : 'var(--leaf)';
  return <circle cx="5" cy="5" r="4" fill={fill} stroke="var(--leaf)" strokeWidth="1.5" />;
}
