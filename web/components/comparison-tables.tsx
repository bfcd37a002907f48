import { SeriesSwatch } from '@/charts/series-mark';
import type { Quartiles } from '@/charts/convergence-chart';
import type { SeriesStyle } from '@/charts/series-style';
import { formatCount, formatPercent } from './quantity';

interface TargetRow {
  label: string;
  style: SeriesStyle | undefined;
  ratio: number | null;
  spaceSize: string;
  evaluationsToTarget: number | null;
  speedup: number | null;
  seedsReachingTarget: number;
  runs: readonly unknown[];
}

/** How many evaluations each group needs for the quality that the baseline has at the target. */
export function EvaluationsToTarget({ rows }: { rows: readonly TargetRow[] }) {
  return (
    <div className="table-scroll" role="region" aria-label="Evaluations to the target" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="number">
              Choices kept
            </th>
            <th scope="col" className="number">
              Networks
            </th>
            <th scope="col" className="number">
              Evaluations
            </th>
            <th scope="col" className="number">
              Speed-up
            </th>
            <th scope="col" className="number">
              Seeds reaching it
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">
                <GroupName label={row.label} style={row.style} />
              </th>
              <td className="number">
                {row.ratio === null ? 'all' : `${formatPercent(1 - row.ratio, 0)} %`}
              </td>
              <td className="number">{formatCount(row.spaceSize)}</td>
              <td className="number">
                {row.evaluationsToTarget === null ? <Never /> : formatCount(row.evaluationsToTarget)}
              </td>
              <td className="number">{row.speedup === null ? '–' : `${row.speedup.toFixed(1)}×`}</td>
              <td className="number">
                {row.seedsReachingTarget} <span className="text-muted">of {row.runs.length}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DistanceTableProps {
  name: string;
  checkpoints: readonly number[];
  rows: readonly { label: string; style: SeriesStyle | undefined; band: Quartiles }[];
}

/** Medians in the paper's form: a row a group, a column a number of evaluations; the best of a column is bold. */
export function DistanceTable({ name, checkpoints, rows }: DistanceTableProps) {
  const best = checkpoints.map((_, i) => Math.min(...rows.map((row) => row.band.median[i] ?? Infinity)));
  return (
    <div
      className="table-scroll"
      role="region"
      aria-label={`${name} after a number of evaluations`}
      tabIndex={0}
    >
      <table className="plain-table">
        <caption className="pb-2 text-left text-sm">
          <b>{name}</b>{' '}
          <span className="text-muted">median over seeds, after this many evaluations; lower is better</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Group</th>
            {checkpoints.map((at) => (
              <th key={at} scope="col" className="number">
                {formatCount(at)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, style, band }) => (
            <tr key={label}>
              <th scope="row">
                <GroupName label={label} style={style} />
              </th>
              {checkpoints.map((at, i) => {
                const value = band.median[i] ?? null;
                return (
                  <td
                    key={at}
                    className={`number ${value !== null && value === best[i] ? 'font-semibold' : ''}`}
                  >
                    {value === null ? <span className="text-muted">–</span> : value.toFixed(3)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GroupName({ label, style }: { label: string; style: SeriesStyle | undefined }) {
  return (
    <span className="flex items-baseline gap-3 whitespace-nowrap font-normal">
      {style ? <SeriesSwatch style={style} /> : null}
      {label}
    </span>
  );
}

function Never() {
  return <span className="text-muted">not reached</span>;
}
