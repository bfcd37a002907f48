import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ConvergenceChart } from '@/charts/convergence-chart';
import { GroupFrontiers } from '@/charts/group-frontiers';
import { SeriesSwatch } from '@/charts/series-mark';
import { styleSeries } from '@/charts/series-style';
import { DistanceTable, EvaluationsToTarget } from '@/components/comparison-tables';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { formatCount, plural } from '@/components/quantity';
import { TargetLine } from '@/components/target-line';
import { loadComparison, type Comparison } from '@/server/comparison';
import { pathParameter } from '@/server/leaderboard';

export async function generateMetadata({ params }: PageProps<'/comparisons/[id]'>): Promise<Metadata> {
  const answer = await loadComparison(pathParameter((await params).id));
  return { title: answer.ok && answer.data ? answer.data.name : 'Comparison' };
}

export default async function ComparisonPage({ params }: PageProps<'/comparisons/[id]'>) {
  const answer = await loadComparison(pathParameter((await params).id));
  if (!answer.ok)
    return <FailureNotice failure={answer.failure} title="This comparison could not be loaded" />;
  if (!answer.data) notFound();
  const comparison = answer.data;
  const [first, ...rest] = comparison.verdict;
  return (
    <>
      <PageHeading title={comparison.name}>
        {comparison.space.name} on {comparison.target.processor} · {comparison.task.name} ·{' '}
        <TargetLine target={comparison.target} />
      </PageHeading>
      <section aria-label="Verdict" className="max-w-[68ch] border-l-2 border-leaf pl-5">
        <p className="text-lg font-semibold leading-snug">{first ?? 'No verdict yet.'}</p>
        {rest.map((sentence) => (
          <p key={sentence} className="mt-3">
            {sentence}
          </p>
        ))}
      </section>
      <Charts comparison={comparison} />
      <Tables comparison={comparison} />
    </>
  );
}

function Charts({ comparison }: { comparison: Comparison }) {
  const styles = styleSeries(comparison.groups, comparison.baseline);
  const series = comparison.groups.flatMap((group) => {
    const style = styles.get(group.label);
    return style ? [{ ...group, style }] : [];
  });
  return (
    <>
      <ul className="phone-legend mt-8 flex flex-wrap gap-x-5 gap-y-1 text-sm" aria-label="Groups">
        {series.map(({ label, style }) => (
          <li key={label} className="flex items-center gap-2">
            <SeriesSwatch style={style} />
            {label}
          </li>
        ))}
      </ul>
      <section className="mt-12">
        <h2 className="text-lg">How near each group comes, evaluation by evaluation</h2>
        <p className="mt-1 max-w-[80ch] text-sm text-muted">
          Medians over seeds, bands between the quartiles. IGD+ asks how much of the front is covered; GD only
          how near the found networks are to it, which flatters a narrow space. Reference:{' '}
          {comparison.reference.replace(/\.$/, '')}.
        </p>
        <div className="with-end-labels mt-6 grid gap-x-6 gap-y-10 lg:grid-cols-2">
          <ConvergenceChart
            title="IGD+"
            checkpoints={comparison.checkpoints}
            series={series.map((s) => ({ ...s, band: s.igdPlus }))}
            better="down"
          />
          <ConvergenceChart
            title="GD"
            checkpoints={comparison.checkpoints}
            series={series.map((s) => ({ ...s, band: s.gd }))}
            better="down"
          />
          <ConvergenceChart
            title="hypervolume, share of the reference"
            checkpoints={comparison.checkpoints}
            series={series.map((s) => ({ ...s, band: s.hypervolumeRatio }))}
            better="up"
          />
        </div>
      </section>
      <section className="mt-12">
        <h2 className="text-lg">Where each group ends</h2>
        <p className="mt-1 text-sm text-muted">
          The networks no other of the group beats, over all its seeds; grey circles are the reference front.
        </p>
        <div className="with-end-labels mt-6">
          <GroupFrontiers
            series={series}
            reference={comparison.referenceFront}
            metric={comparison.task.metric}
            unit={comparison.task.unit}
          />
        </div>
      </section>
    </>
  );
}

function Tables({ comparison }: { comparison: Comparison }) {
  const styles = styleSeries(comparison.groups, comparison.baseline);
  const rows = comparison.groups.map((group) => ({ ...group, style: styles.get(group.label) }));
  const path = `/comparisons/${encodeURIComponent(comparison.id)}/export`;
  const target = comparison.targetIgdPlus;
  return (
    <section className="mt-12">
      <h2 className="text-lg">Evaluations to the target</h2>
      <p className="mb-4 mt-1 max-w-[80ch] text-sm text-muted">
        Target: IGD+ {target === null ? 'unknown' : target.toFixed(3)}, which{' '}
        {comparison.baseline ?? 'the baseline'} has after {plural(comparison.targetEvaluations, 'evaluation')}
        . Evaluations spent on pruning count.
      </p>
      <EvaluationsToTarget rows={rows} />
      <div className="mt-12 grid gap-12">
        <DistanceTable
          name="IGD+"
          checkpoints={comparison.checkpoints}
          rows={rows.map((row) => ({ ...row, band: row.igdPlus }))}
        />
        <DistanceTable
          name="GD"
          checkpoints={comparison.checkpoints}
          rows={rows.map((row) => ({ ...row, band: row.gd }))}
        />
      </div>
      <p className="mt-6 text-sm text-muted">
        Source: {formatCount(comparison.groups.reduce((sum, group) => sum + group.runs.length, 0))} search
        runs.{' '}
        <a className="link" href={`${path}?format=csv`} download>
          CSV
        </a>{' '}
        <a className="link ml-2" href={`${path}?format=json`} download>
          JSON
        </a>
      </p>
    </section>
  );
}
