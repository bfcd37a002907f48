import { formatMs } from '@/components/quantity';
import { percent, pathThrough, Plot } from './plot';
import { makeScale } from './scale';

/** A network kept out of the fit. Milliseconds. */
export interface HeldOutNetwork {
  measuredMs: number;
  predictedMs: number;
  uncorrectedMs: number;
}

/**
 * Predicted against measured, with bands of ±5 % and ±10 % around the diagonal: leaf for the published table, hollow copper for
 * the same before it was corrected.
 */
export function HeldOutChart({ networks }: { networks: readonly HeldOutNetwork[] }) {
  const all = networks.flatMap(({ measuredMs, predictedMs, uncorrectedMs }) => [
    measuredMs,
    predictedMs,
    uncorrectedMs,
  ]);
  const low = Math.min(...all) * 0.95;
  const high = Math.max(...all) * 1.05;
  const logarithmic = high / low > 4;
  const x = makeScale([low, high], logarithmic, 6);
  const y = makeScale([low, high], logarithmic, 6);
  const steps = Array.from({ length: 33 }, (_, i) => x.value(i / 32));
  const band = (share: number): string =>
    `${pathThrough([...steps.map((ms) => [ms, ms * (1 + share)] as const), ...steps.toReversed().map((ms) => [ms, ms * (1 - share)] as const)], x, y)}Z`;
  const corrected = networks.some(({ predictedMs, uncorrectedMs }) => predictedMs !== uncorrectedMs);
  return (
    <figure>
      <Plot
        x={{ scale: x, title: 'measured, ms' }}
        y={{ scale: y, title: 'predicted, ms' }}
        shapes={
          <>
            <path d={band(0.1)} className="fill-leaf" opacity="0.1" />
            <path d={band(0.05)} className="fill-leaf" opacity="0.14" />
            <path
              d={pathThrough(
                [
                  [low, low],
                  [high, high],
                ],
                x,
                y,
              )}
              className="stroke-muted"
              strokeWidth="1"
              vectorEffect="non-scaling-stroke"
              fill="none"
            />
          </>
        }
      >
        {networks.flatMap(({ measuredMs, predictedMs, uncorrectedMs }, at) => [
          ...(corrected
            ? [
                <Dot
                  key={`before ${at}`}
                  left={x.place(measuredMs)}
                  top={1 - y.place(uncorrectedMs)}
                  hollow
                  title={`${formatMs(uncorrectedMs)} ms before correction, ${formatMs(measuredMs)} ms measured`}
                />,
              ]
            : []),
          <Dot
            key={at}
            left={x.place(measuredMs)}
            top={1 - y.place(predictedMs)}
            title={`${formatMs(predictedMs)} ms predicted, ${formatMs(measuredMs)} ms measured`}
          />,
        ])}
      </Plot>
      <figcaption className="mt-3 text-sm text-muted">
        <span className="text-leaf">●</span> as published
        {corrected ? (
          <>
            {' '}
            · <span className="text-copper">○</span> before correction
          </>
        ) : null}{' '}
        · bands: ±5 % and ±10 %
      </figcaption>
    </figure>
  );
}

function Dot({
  left,
  top,
  title,
  hollow = false,
}: {
  left: number;
  top: number;
  title: string;
  hollow?: boolean;
}) {
  return (
    <span
      className={hollow ? 'plot-dot plot-dot-hollow' : 'plot-dot'}
      style={{ left: percent(left), top: percent(top) }}
      title={title}
    />
  );
}
