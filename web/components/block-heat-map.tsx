import { divergingColours, magnitudeColours, type CellColours } from '@/charts/colour-ramp';
import type { PositionKind } from '@/graphql/generated/documents';
import { formatMs } from './quantity';

export interface HeatLayer {
  /** Position in the encoding. */
  index: number;
  name: string;
  kind: PositionKind;
  choices: readonly { index: number; label: string; kept: boolean }[];
}

interface BlockHeatMapProps {
  layers: readonly HeatLayer[];
  /** Milliseconds, a list a position. */
  latencyMs: readonly (readonly number[])[];
  /** Parameters per millisecond, a list a position. */
  efficiency: readonly (readonly number[])[];
}

export interface HeatValue {
  text: string;
  colours: CellColours;
}

/** Up to here both maps stand side by side. */
const FEW_LAYERS = 6;

/** Latency and efficiency of every block at every layer, the value in each cell; removed blocks are struck through. */
export function BlockHeatMap({ layers, latencyMs, efficiency }: BlockHeatMapProps) {
  // A width or a resolution has no blocks.
  const shown = layers.filter(({ kind }) => kind === 'LAYER' || kind === 'EDGE');
  const logs = latencyMs
    .flat()
    .filter((value) => value > 0)
    .map(Math.log);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const latencyOf = (position: number, choice: number): HeatValue | null => {
    const value = latencyMs[position]?.[choice];
    if (value === undefined) return null;
    return {
      text: formatMs(value),
      colours: magnitudeColours((Math.log(Math.max(value, 1e-9)) - low) / (high - low || 1)),
    };
  };
  const efficiencyOf = (position: number, choice: number): HeatValue | null => {
    const all = efficiency[position] ?? [];
    const value = all[choice];
    if (value === undefined) return null;
    if (value === 0) return { text: '0', colours: divergingColours(0.5) };
    return {
      text: inThreeDigits(value / 1000),
      colours: divergingColours(0.5 + Math.log2(Math.max(value, 1e-9) / median(all)) / 4),
    };
  };
  return (
    <div className={shown.length <= FEW_LAYERS ? 'grid gap-8 xl:grid-cols-2' : 'grid gap-8'}>
      <HeatTable title="latency, ms" layers={shown} valueOf={latencyOf} />
      <HeatTable title="parameters per µs" layers={shown} valueOf={efficiencyOf} />
    </div>
  );
}

/** A row for each block that any layer may take, a column for each layer. */
export function HeatTable({
  title,
  layers,
  valueOf,
}: {
  title: string;
  layers: readonly HeatLayer[];
  valueOf: (position: number, choice: number) => HeatValue | null;
}) {
  const labels = [...new Set(layers.flatMap(({ choices }) => choices.map(({ label }) => label)))];
  return (
    <div className="table-scroll" role="region" aria-label={title} tabIndex={0}>
      <table className="heat-map">
        <caption>{title}</caption>
        <thead>
          <tr>
            <td />
            {layers.map((layer) => (
              <th key={layer.index} scope="col">
                {layer.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {layers.map(({ index, choices }) => {
                const choice = choices.find((each) => each.label === label);
                return choice ? (
                  <HeatCell key={index} cell={valueOf(index, choice.index)} kept={choice.kept} />
                ) : (
                  <td key={index} />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeatCell({ cell, kept }: { cell: HeatValue | null; kept: boolean }) {
  if (!cell) return <td />;
  return (
    <td
      style={{ background: cell.colours.background, color: cell.colours.text }}
      title={kept ? undefined : 'removed in this version'}
    >
      {kept ? cell.text : <s>{cell.text}</s>}
    </td>
  );
}

function inThreeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] || 1;
}
