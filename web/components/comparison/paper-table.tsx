import type { SeriesStyle } from '@/charts/series-style';
import { formatCount } from '../quantity';
import { GroupName } from './group-name';
import { standing, type Group, type Indicator } from './indicators';

interface PaperTableProps {
  indicator: Indicator;
  statistic: 'mean' | 'median';
  checkpoints: readonly number[];
  groups: readonly Group[];
  styles: ReadonlyMap<string, SeriesStyle>;
}

/** An indicator in the second paper's form: a row a group, a column a number of evaluations; the best of a column is bold. */
export function PaperTable({ indicator, statistic, checkpoints, groups, styles }: PaperTableProps) {
  const rows = groups.map((group) => ({ group, values: shownValues(indicator.band(group), statistic) }));
  const best = checkpoints.map((_, i) => {
    const known = rows.flatMap(({ values }) => values[i]?.value ?? []);
    return indicator.better === 'up' ? Math.max(...known) : Math.min(...known);
  });
  const decimals = decimalsFor(rows.flatMap(({ values }) => values.flatMap((each) => each?.value ?? [])));
  return (
    <div
      className="table-scroll"
      role="region"
      aria-label={`${indicator.name} after a number of evaluations`}
      tabIndex={0}
    >
      <table className="plain-table rows-named">
        <caption className="pb-2 text-left text-sm">
          <span className="sticky left-0 block w-fit max-w-[calc(100vw-3rem)]">
            <b>{indicator.name}</b>{' '}
            <span className="text-muted">
              {statistic === 'mean' ? 'mean ± standard deviation' : 'median (quartiles)'} over seeds, after
              this many evaluations; {indicator.better === 'up' ? 'higher' : 'lower'} is better
            </span>
          </span>
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
          {rows.map(({ group, values }) => (
            <tr key={group.label}>
              <th scope="row">
                <GroupName label={group.label} style={styles.get(group.label)} />
              </th>
              {checkpoints.map((at, i) => {
                const shown = values[i] ?? null;
                if (!shown)
                  return (
                    <td key={at} className="number text-muted">
                      –
                    </td>
                  );
                return (
                  <td key={at} className="number">
                    <span className={shown.value === best[i] ? 'font-semibold' : ''}>
                      {shown.value.toFixed(decimals)}
                    </span>
                    <Mark kind={standing(group, indicator, at)} />
                    <Spread shown={shown} statistic={statistic} decimals={decimals} />
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

interface Shown {
  value: number;
  spread: readonly (number | null)[];
}

/** Where no mean was kept, the median. */
function shownValues(band: ReturnType<Indicator['band']>, statistic: 'mean' | 'median'): (Shown | null)[] {
  return band.median.map((middle, i) => {
    const mean = statistic === 'mean' ? (band.mean[i] ?? null) : null;
    if (mean !== null) return { value: mean, spread: [band.standardDeviation[i] ?? null] };
    return middle === null ? null : { value: middle, spread: [band.low[i] ?? null, band.high[i] ?? null] };
  });
}

function Spread({
  shown,
  statistic,
  decimals,
}: {
  shown: Shown;
  statistic: 'mean' | 'median';
  decimals: number;
}) {
  const [low, high] = shown.spread.map((value) => value?.toFixed(decimals));
  const text =
    high === undefined ? (low === undefined || statistic === 'median' ? '' : `± ${low}`) : `${low}–${high}`;
  return <span className="block text-xs text-muted">{text}</span>;
}

/** Shape and words tell it, colour does not have to. */
function Mark({ kind }: { kind: 'better' | 'worse' | 'open' }) {
  return (
    <span className="relative inline-block w-4 text-center text-xs text-muted">
      {kind === 'open' ? null : (
        <>
          <span aria-hidden="true">{kind === 'better' ? '▲' : '▼'}</span>
          <span className="sr-only">, {kind} than the baseline</span>
        </>
      )}
    </span>
  );
}

/** What the marks of the tables mean. */
export function MarkLegend({ baseline, tested }: { baseline: string | null; tested: boolean }) {
  if (baseline === null || !tested) return null;
  return (
    <p className="mt-4 max-w-[80ch] text-sm text-muted">
      <span aria-hidden="true">▲</span> better, <span aria-hidden="true">▼</span> worse than {baseline} by the
      Mann–Whitney test, p ≤ 0.05 after Holm’s correction over the groups. No mark: the difference may be
      chance.
    </p>
  );
}

/** Two significant digits of the least value, three places at least. */
function decimalsFor(values: readonly number[]): number {
  const least = Math.min(...values.filter((value) => value > 0));
  return Number.isFinite(least) ? Math.min(5, Math.max(3, 1 - Math.floor(Math.log10(least)))) : 3;
}
