import type { HeatLayer } from '../block-heat-map';
import type { Preview } from './use-preview';

/** Every choice with its score and its reason: what the map shows, in words. */
export function ChoiceTable({ layers, preview }: { layers: readonly HeatLayer[]; preview: Preview }) {
  const isScored = preview.layers.some(({ scores }) => scores !== null);
  return (
    <details className="mt-4">
      <summary className="text-sm text-muted">Every choice with its reason, as a table</summary>
      <div
        className="table-scroll mt-3 max-h-[520px] overflow-y-auto"
        role="region"
        aria-label="Reasons"
        tabIndex={0}
      >
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Layer</th>
              <th scope="col">Choice</th>
              <th scope="col">Stays</th>
              {isScored ? (
                <th scope="col" className="number">
                  Score
                </th>
              ) : null}
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {layers.flatMap(({ index, name, choices }) =>
              choices.map(({ index: choice, label }) => {
                const found = preview.layers[index];
                const score = found?.scores?.[choice];
                return (
                  <tr key={`${index}.${choice}`}>
                    <td className="whitespace-nowrap">{name}</td>
                    <th scope="row" className="whitespace-nowrap">
                      {label}
                    </th>
                    <td>{found?.kept.includes(choice) ? 'yes' : 'no'}</td>
                    {isScored ? (
                      <td className="number">{score === undefined ? '–' : Number(score.toPrecision(4))}</td>
                    ) : null}
                    <td className="min-w-72">{found?.reasons[choice]}</td>
                  </tr>
                );
              }),
            )}
          </tbody>
        </table>
      </div>
    </details>
  );
}
