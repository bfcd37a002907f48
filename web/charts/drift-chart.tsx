import { formatPercent } from '@/components/quantity';
import { pathThrough, Plot } from './plot';
import { makeScale } from './scale';

/** How the reference network ran while a campaign went on: departures from its median, with the 3 % that are still steady. */
export function DriftChart({ readings }: { readings: readonly { at: string; ms: number }[] }) {
  const start = Date.parse(readings[0]?.at ?? '');
  const sorted = readings.map(({ ms }) => ms).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const points = readings.map(
    ({ at, ms }) => [(Date.parse(at) - start) / 1000, (ms / median - 1) * 100] as const,
  );
  const last = points.at(-1)?.[0] ?? 1;
  const reach = Math.max(5, ...points.map(([, change]) => Math.abs(change) * 1.1));
  const minutes = last > 180;
  const x = makeScale([0, Math.max(1, minutes ? last / 60 : last)], false, 6);
  const y = makeScale([-reach, reach], false, 5);
  const path = pathThrough(
    points.map(([seconds, change]) => [minutes ? seconds / 60 : seconds, change] as const),
    x,
    y,
  );
  const worst = Math.max(...points.map(([, change]) => Math.abs(change))) / 100;
  return (
    <figure>
      <Plot
        compact
        x={{ scale: x, title: minutes ? 'minutes' : 'seconds' }}
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
        shapes={
          <path
            d={path}
            fill="none"
            className="stroke-ink"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
        }
      />
      <figcaption className="mt-3 text-sm text-muted">
        {readings.length} readings, at most {formatPercent(worst)} % from their median; the band is ±3 %.
      </figcaption>
    </figure>
  );
}
