import type { SeriesStyle } from '@/charts/series-style';
import { formatCount, formatPercent, formatSize } from '../quantity';
import { GroupName } from './group-name';
import type { Group } from './indicators';

type Arrival = Group['arrivals'][number];

interface ArrivalsTableProps {
  groups: readonly Group[];
  styles: ReadonlyMap<string, SeriesStyle>;
  baseline: string;
}

const names = { IGD_PLUS: 'By IGD⁺', GD: 'By GD' } as const;

/** How many evaluations each group needs for the quality that the baseline has at the target, and how sure that is. */
export function ArrivalsTable({ groups, styles, baseline }: ArrivalsTableProps) {
  const shown = (['IGD_PLUS', 'GD'] as const).filter((name) =>
    groups.some((group) => group.arrivals.some(({ indicator }) => indicator === name)),
  );
  return (
    <div className="table-scroll" role="region" aria-label="Evaluations to the target" tabIndex={0}>
      <table className="plain-table rows-named">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="number">
              Choices kept
            </th>
            <th scope="col" className="number">
              Networks
            </th>
            {shown.map((name) => (
              <Heads key={name} name={names[name]} />
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.label}>
              <th scope="row">
                <GroupName label={group.label} style={styles.get(group.label)} />
              </th>
              <td className="number">
                {group.ratio !== null
                  ? `${formatPercent(1 - group.ratio, 0)} %`
                  : group.rule === null
                    ? 'all'
                    : 'by hand'}
              </td>
              <td className="number">{formatSize(group.spaceSize)}</td>
              {shown.map((name) => (
                <Cells
                  key={name}
                  arrival={group.arrivals.find(({ indicator }) => indicator === name)}
                  isBaseline={group.label === baseline}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Heads({ name }: { name: string }) {
  return (
    <>
      <th scope="col" className="number">
        {name}: evaluations
      </th>
      <th scope="col" className="number">
        seeds
      </th>
      <th scope="col" className="number">
        speed-up
      </th>
    </>
  );
}

function Cells({ arrival, isBaseline }: { arrival: Arrival | undefined; isBaseline: boolean }) {
  if (!arrival)
    return (
      <>
        <td />
        <td />
        <td />
      </>
    );
  const { evaluations, interval, seeds, speedup, speedupInterval } = arrival;
  return (
    <>
      <td className="number">
        {evaluations === null ? <span className="text-muted">not reached</span> : formatCount(evaluations)}
        <Within text={evaluations === null ? '' : countWithin(interval)} />
      </td>
      <td className="number">{seeds}</td>
      <td className="number">
        {speedup === null || isBaseline ? (
          <span className="text-muted">–</span>
        ) : (
          <span className={(speedupInterval?.low ?? 0) > 1 ? 'font-semibold' : ''}>
            {speedup.toFixed(1)}×
          </span>
        )}
        <Within text={speedup === null ? '' : ratioWithin(speedupInterval)} />
      </td>
    </>
  );
}

const Within = ({ text }: { text: string }) => <span className="block text-xs text-muted">{text}</span>;

type Bounds = { low: number | null; high: number | null } | null;

/** A bound that is none: too few seeds get there. */
function countWithin(bounds: Bounds): string {
  if (!bounds || bounds.low === null) return '';
  const low = formatCount(Math.round(bounds.low));
  return bounds.high === null ? `${low} or more` : `${low}–${formatCount(Math.round(bounds.high))}`;
}

function ratioWithin(bounds: Bounds): string {
  if (!bounds) return '';
  const [low, high] = [bounds.low ?? 0, bounds.high];
  if (high === null) return low === 0 ? 'open' : `above ${low.toFixed(1)}`;
  return low === 0 ? `up to ${high.toFixed(1)}` : `${low.toFixed(1)}–${high.toFixed(1)}`;
}
