import { formatCount } from '@/components/quantity';

interface DrawnLayer {
  name: string;
  stage: string;
  outputShape: readonly number[];
  choices: readonly { index: number; label: string; kept: boolean }[];
}

const WIDTH = 800;
const HEIGHT = 96;

/**
 * A search space as an espalier: input at the root, a wire for each layer, a leaf for each choice. What pruning
 * removed is a cut bud.
 */
export function EspalierDrawing({
  layers,
  inputShape,
}: {
  layers: readonly DrawnLayer[];
  inputShape: readonly number[];
}) {
  return (
    <div className="espalier">
      <Post top caption="output" />
      {[...layers].reverse().map((layer) => {
        const kept = layer.choices.filter((choice) => choice.kept).length;
        return (
          <div key={layer.name} className="espalier-tier">
            <p>
              <b>{layer.stage}</b>
              {layer.name === layer.stage ? null : (
                <span className="block text-xs text-muted">{layer.name}</span>
              )}
              <span className="block font-mono text-xs text-muted">{layer.outputShape.join(' × ')}</span>
            </p>
            <Tier layer={layer} kept={kept} />
            <p className="espalier-count">
              {formatCount(kept)}
              <span className="text-muted"> of {layer.choices.length}</span>
            </p>
          </div>
        );
      })}
      <Post caption={`input ${inputShape.join(' × ')}`} />
    </div>
  );
}

function Tier({ layer, kept }: { layer: DrawnLayer; kept: number }) {
  const half = Math.ceil(layer.choices.length / 2);
  const wire = 46;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${layer.name}: ${kept} of ${layer.choices.length} choices kept`}
    >
      <path d={`M0 ${wire}H${WIDTH}`} stroke="var(--hairline)" strokeWidth="1.5" />
      <path d={`M${WIDTH / 2} ${HEIGHT}V0`} stroke="var(--muted)" strokeWidth="5" />
      {[-1, 1].map((side) => (
        <path
          key={side}
          d={`M${WIDTH / 2} ${HEIGHT - 6}C${WIDTH / 2} ${wire + 8} ${WIDTH / 2 + side * 16} ${wire} ${WIDTH / 2 + side * 60} ${wire}H${WIDTH / 2 + side * (WIDTH / 2 - 10)}`}
          fill="none"
          stroke="var(--muted)"
          strokeWidth="2.5"
        />
      ))}
      {layer.choices.map((choice, i) => {
        const left = i < half;
        const step = (WIDTH / 2 - 66) / half;
        const along = left
          ? WIDTH / 2 - 52 - (half - 1 - i + 0.5) * step
          : WIDTH / 2 + 52 + (i - half + 0.5) * step;
        return <Leaf key={choice.index} x={along} y={wire} up={i % 2 === 0} choice={choice} />;
      })}
    </svg>
  );
}

function Leaf({
  x,
  y,
  up,
  choice,
}: {
  x: number;
  y: number;
  up: boolean;
  choice: { label: string; kept: boolean };
}) {
  const sign = up ? -1 : 1;
  if (!choice.kept)
    return (
      <g>
        <title>{`${choice.label}: removed`}</title>
        <path
          d={`M${x} ${y}v${sign * 9}M${x - 4} ${y + sign * 9}h8`}
          stroke="var(--copper)"
          strokeWidth="1.6"
          fill="none"
        />
      </g>
    );
  return (
    <g>
      <title>{choice.label}</title>
      <path
        d={`M${x} ${y}c-9 ${sign * 9} -7 ${sign * 24} 0 ${sign * 32}c7 ${sign * -8} 9 ${sign * -23} 0 ${sign * -32}z`}
        fill="var(--leaf)"
      />
    </g>
  );
}

function Post({ caption, top = false }: { caption: string; top?: boolean }) {
  return (
    <div className="espalier-tier">
      <span />
      <svg viewBox={`0 0 ${WIDTH} 36`} aria-hidden="true">
        <path
          d={`M${WIDTH / 2} ${top ? 14 : 0}V36`}
          stroke="var(--muted)"
          strokeWidth="5"
          strokeLinecap="round"
        />
        {top ? null : (
          <path d={`M${WIDTH / 2 - 120} 34.5H${WIDTH / 2 + 120}`} stroke="var(--muted)" strokeWidth="2" />
        )}
      </svg>
      <p className="text-xs text-muted">{caption}</p>
    </div>
  );
}
