import { formatPercent } from '@/components/quantity';
import { percent, Plot } from './plot';
import { makeScale } from './scale';

/** How the reference network ran while a campaign went on: departures from its median, with the 3 % that are still steady. */
export function DriftChart({ readings }: { readings: readonly { at: string; ms: number }[] }) {
  const sorted = readings.map(({ ms }) => ms).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 1;
  // By order and not by time: agents report many subjects at once.
  const points = readings.map(({ ms }, at) => [at + 1, (ms / median - 1) * 100] as const);
  const reach = Math.max(5, ...points.map(([, change]) => Math.abs(change) * 1.1));
  const x = makeScale([0, readings.length + 1], false, 6);
  const y = makeScale([-reach, reach], false, 5);
  const worst = Math.max(...points.map(([, change]) => Math.abs(change))) / 100;
  return (
    <figure>
      <Plot
        compact
        x={{ scale: x, title: 'subjects, in the order measured' }}
        y={{ scale: y, title: 'reference network, % from its median' }}
        under={
          <div
            className="absolute inset-x-0 bg-leaf opacity-10"
            style={{
              top: `${(1 - y.place(3)) * 100}%`,
              height: `${(y.place(3) - y.place(-3)) * 100}%`,
            }}
          />
        }
      >
        {points.map(([at, change]) => (
          <span
            key={at}
            className="plot-dot"
            style={{ left: percent(x.place(at)), top: percent(1 - y.place(change)) }}
          />
        ))}
      </Plot>
      <figcaption className="mt-3 text-sm text-muted">
        {readings.length} readings, at most {formatPercent(worst)} % from their median; the band is ±3 %.
      </figcaption>
    </figure>
  );
}
