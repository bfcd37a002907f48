const WIDTH = 320;
const HEIGHT = 64;
/** A reading this far above the calm level makes a round be repeated. */
const DRIFT = 0.03;

/** How the reference network ran lately: a line around its calm level, with the band in which it counts as steady. */
export function ReferenceDrift({ readingsMs }: { readingsMs: readonly number[] }) {
  const latest = readingsMs.at(-1);
  if (latest === undefined || readingsMs.length < 2) return null;
  const calm = [...readingsMs].sort((a, b) => a - b)[Math.floor(readingsMs.length / 10)] ?? latest;
  const ratios = readingsMs.map((reading) => reading / calm - 1);
  const top = Math.max(2 * DRIFT, ...ratios);
  const bottom = Math.min(-DRIFT, ...ratios);
  const y = (ratio: number) => 2 + (1 - (ratio - bottom) / (top - bottom)) * (HEIGHT - 4);
  const step = WIDTH / (readingsMs.length - 1);
  const line = ratios.map((ratio, at) => `${(at * step).toFixed(1)} ${y(ratio).toFixed(1)}`).join('L');
  const moved = latest / calm - 1;
  return (
    <figure>
      <figcaption className="flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="text-muted">Reference network</span>
        <span className={moved > DRIFT ? 'text-copper' : undefined}>
          {latest.toPrecision(3)}
          <span className="unit">ms</span>
          {moved > DRIFT ? `, ${(100 * moved).toFixed(0)} % slower than at its calmest` : ', steady'}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-2 h-16 w-full text-leaf"
        aria-hidden="true"
      >
        <rect
          x="0"
          width={WIDTH}
          y={y(DRIFT)}
          height={y(-DRIFT) - y(DRIFT)}
          fill="currentColor"
          opacity="0.12"
        />
        <path
          d={`M${line}`}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </figure>
  );
}
