import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { styleSeries } from '@/charts/series-style';
import { ArrivalsTable } from '@/components/comparison/arrivals-table';
import { AttainmentSection } from '@/components/comparison/attainment-section';
import { readComparisonView } from '@/components/comparison/comparison-view';
import { ConvergenceSection } from '@/components/comparison/convergence-section';
import { ProvenanceSection } from '@/components/comparison/provenance-section';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { plural } from '@/components/quantity';
import { RefreshEvery } from '@/components/refresh-every';
import { TargetLine } from '@/components/target-line';
import { TimeAgo } from '@/components/time-ago';
import { loadComparison, type Comparison } from '@/server/comparison';
import { pathParameter } from '@/server/leaderboard';

export async function generateMetadata({ params }: PageProps<'/comparisons/[id]'>): Promise<Metadata> {
  const answer = await loadComparison(pathParameter((await params).id));
  return { title: answer.ok && answer.data ? answer.data.name : 'Comparison' };
}

export default async function ComparisonPage({ params, searchParams }: PageProps<'/comparisons/[id]'>) {
  const answer = await loadComparison(pathParameter((await params).id));
  if (!answer.ok)
    return <FailureNotice failure={answer.failure} title="This comparison could not be loaded" />;
  if (!answer.data) notFound();
  const comparison = answer.data;
  const path = `/comparisons/${encodeURIComponent(comparison.id)}`;
  const view = readComparisonView(await searchParams);
  return (
    <>
      <PageHeading title={comparison.name}>
        {comparison.space.name} on {comparison.target.processor} · {comparison.task.name} ·{' '}
        <TargetLine target={comparison.target} /> · <TimeAgo instant={comparison.createdAt} />
      </PageHeading>
      {comparison.status === 'SUCCEEDED' ? (
        <>
          <Verdict sentences={comparison.verdict} />
          <ConvergenceSection comparison={comparison} view={view} path={path} />
          <AttainmentSection comparison={comparison} view={view} path={path} />
          <Targets comparison={comparison} />
        </>
      ) : (
        <Waiting comparison={comparison} />
      )}
      <ProvenanceSection comparison={comparison} path={path} />
    </>
  );
}

function Verdict({ sentences }: { sentences: readonly string[] }) {
  const [first, ...rest] = sentences;
  return (
    <section aria-label="Verdict" className="max-w-[68ch] border-l-2 border-leaf pl-5">
      <p className="text-lg font-semibold leading-snug">{first ?? 'No verdict.'}</p>
      {rest.map((sentence) => (
        <p key={sentence} className="mt-3">
          {sentence}
        </p>
      ))}
    </section>
  );
}

function Waiting({ comparison: { status, error } }: { comparison: Comparison }) {
  if (status === 'FAILED')
    return (
      <p role="alert" className="max-w-[68ch] text-danger">
        It could not be computed: {error ?? 'no reason was given'}
      </p>
    );
  return (
    <section aria-live="polite" className="max-w-[68ch] border-l-2 border-leaf pl-5">
      <p className="text-lg font-semibold leading-snug">A worker is computing this comparison</p>
      <p className="mt-2 text-muted">
        It is too large to be computed at once. This page shows the figures when they are there.
      </p>
      <RefreshEvery seconds={3} />
    </section>
  );
}

function Targets({ comparison }: { comparison: Comparison }) {
  const { groups, baseline, targetEvaluations, targetIgdPlus, targetGd } = comparison;
  if (baseline === null || targetIgdPlus === null) return null;
  return (
    <section className="mt-14">
      <h2 className="text-lg">Evaluations to the target</h2>
      <p className="mb-4 mt-1 max-w-[80ch] text-sm text-muted">
        Target: what {baseline} has after {plural(targetEvaluations, 'evaluation')}, IGD⁺{' '}
        {targetIgdPlus.toFixed(3)}
        {targetGd === null ? '' : ` and GD ${targetGd.toFixed(3)}`}. Medians over seeds with 95 % bootstrap
        intervals; a speed-up is bold where its interval lies above 1. Evaluations spent on pruning count. GD
        alone flatters a narrow space.
      </p>
      <ArrivalsTable groups={groups} styles={styleSeries(groups, baseline)} baseline={baseline} />
    </section>
  );
}
