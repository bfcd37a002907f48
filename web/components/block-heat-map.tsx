import { divergingColours, magnitudeColours, type CellColours } from '@/charts/colour-ramp';
import { formatMs } from './quantity';

interface HeatLayer {
  name: string;
  choices: readonly { index: number; label: string; kept: boolean }[];
}

interface BlockHeatMapProps {
  layers: readonly HeatLayer[];
  /** Milliseconds, a list a layer. */
  latencyMs: readonly (readonly number[])[];
  /** Parameters per millisecond, a list a layer. */
  efficiency: readonly (readonly number[])[];
}

/** Latency and efficiency of every block at every layer, the value in each cell; removed blocks are struck through. */
export function BlockHeatMap({ layers, latencyMs, efficiency }: BlockHeatMapProps) {
  const choices = layers[0]?.choices ?? [];
  const rows = Math.max(...layers.map((layer) => layer.choices.length), 0);
  const logs = latencyMs
    .flat()
    .filter((value) => value > 0)
    .map(Math.log);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const latencyCell = (layer: number, choice: number) => {
    const value = latencyMs[layer]?.[choice];
    if (value === undefined) return null;
    return {
      text: formatMs(value),
      colours: magnitudeColours((Math.log(Math.max(value, 1e-9)) - low) / (high - low || 1)),
    };
  };
  const efficiencyCell = (layer: number, choice: number) => {
    const all = efficiency[layer] ?? [];
    const value = all[choice];
    if (value === undefined) return null;
    return {
      text: inThreeDigits(value / 1000),
      colours: divergingColours(0.5 + Math.log2(Math.max(value, 1e-9) / median(all)) / 4),
    };
  };
  return (
    <div
      className="table-scroll"
      role="region"
      aria-label="Latency and efficiency of every block"
      tabIndex={0}
    >
      <table className="heat-map">
        <thead>
          <tr>
            <td />
            <th colSpan={layers.length} scope="colgroup">
              latency, ms
            </th>
            <td className="heat-gap" />
            <th colSpan={layers.length} scope="colgroup">
              parameters per µs
            </th>
          </tr>
          <tr>
            <td />
            {layers.map((layer) => (
              <th key={layer.name} scope="col">
                {layer.name}
              </th>
            ))}
            <td className="heat-gap" />
            {layers.map((layer) => (
              <th key={layer.name} scope="col">
                {layer.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: rows }, (_, choice) => (
            <tr key={choice}>
              <th scope="row">
                <span className="mr-2 inline-block w-5 text-right font-mono text-muted">{choice}</span>
                {choices[choice]?.label}
              </th>
              {layers.map((layer, i) => (
                <HeatCell
                  key={layer.name}
                  cell={latencyCell(i, choice)}
                  kept={layer.choices[choice]?.kept ?? true}
                />
              ))}
              <td className="heat-gap" />
              {layers.map((layer, i) => (
                <HeatCell
                  key={layer.name}
                  cell={efficiencyCell(i, choice)}
                  kept={layer.choices[choice]?.kept ?? true}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeatCell({ cell, kept }: { cell: { text: string; colours: CellColours } | null; kept: boolean }) {
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
