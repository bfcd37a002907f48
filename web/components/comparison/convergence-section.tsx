import { ConvergenceChart } from '@/charts/convergence-chart';
import { SeriesSwatch } from '@/charts/series-mark';
import { styleSeries } from '@/charts/series-style';
import type { Comparison } from '@/server/comparison';
import { writeComparisonView, type ComparisonView } from './comparison-view';
import { companionOf, indicatorsOf } from './indicators';
import { MarkLegend, PaperTable } from './paper-table';
import { ViewLinks } from './view-links';

interface ConvergenceSectionProps {
  comparison: Comparison;
  view: ComparisonView;
  path: string;
}

/** One indicator over evaluations, with what to hold it against beside it, and both in the second paper's table. */
export function ConvergenceSection({ comparison, view, path }: ConvergenceSectionProps) {
  const { groups, checkpoints, baseline } = comparison;
  const known = indicatorsOf(groups);
  const indicator = known.includes(view.indicator) ? view.indicator : (known[0] ?? view.indicator);
  const hasMeans = groups.some((group) => group.igdPlus.mean.some((value) => value !== null));
  const statistic = hasMeans ? view.statistic : 'median';
  const both = [indicator, companionOf(indicator)];
  const styles = styleSeries(groups, baseline);
  const series = groups.flatMap((group) => {
    const style = styles.get(group.label);
    return style ? [{ group, label: group.label, style }] : [];
  });
  const to = (change: Partial<ComparisonView>): string =>
    `${path}${writeComparisonView({ ...view, ...change })}`;
  return (
    <section className="mt-14">
      <h2 className="text-lg">How near each group comes, evaluation by evaluation</h2>
      <p className="mt-1 max-w-[80ch] text-sm text-muted">
        Medians over seeds, bands between the quartiles. {comparison.reference}
      </p>
      <div className="mt-5">
        <ViewLinks
          label="Indicator"
          links={known.map((each) => ({
            name: each.name,
            href: to({ indicator: each }),
            here: each === indicator,
          }))}
        />
      </div>
      <ul className="phone-legend mt-6 flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-label="Groups">
        {series.map(({ label, style }) => (
          <li key={label} className="flex items-center gap-2">
            <SeriesSwatch style={style} />
            {label}
          </li>
        ))}
      </ul>
      <div className="with-end-labels mt-6 grid grid-cols-1 gap-x-6 gap-y-10 lg:grid-cols-2">
        {both.map((each) => (
          <figure key={each.key}>
            <ConvergenceChart
              title={each.axis}
              checkpoints={checkpoints}
              series={series.map(({ group, label, style }) => ({
                label,
                style,
                band: each.band(group),
              }))}
              better={each.better}
            />
            <figcaption className="mt-3 max-w-[60ch] text-sm text-muted">
              <b className="text-ink">{each.name}.</b> {each.says}
            </figcaption>
          </figure>
        ))}
      </div>
      {hasMeans ? (
        <div className="mt-12">
          <ViewLinks
            label="Statistic of the tables"
            links={[
              { name: 'Mean ± sd', href: to({ statistic: 'mean' }), here: statistic === 'mean' },
              { name: 'Median, quartiles', href: to({ statistic: 'median' }), here: statistic === 'median' },
            ]}
          />
        </div>
      ) : null}
      <div className="mt-6 grid grid-cols-1 gap-12">
        {both.map((each) => (
          <PaperTable
            key={each.key}
            indicator={each}
            statistic={statistic}
            checkpoints={checkpoints}
            groups={groups}
            styles={styles}
          />
        ))}
      </div>
      <MarkLegend baseline={baseline} tested={groups.some((group) => group.tests.length > 0)} />
    </section>
  );
}
