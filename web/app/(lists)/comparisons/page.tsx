import Link from 'next/link';
import { SeriesSwatch } from '@/charts/series-mark';
import { styleSeries } from '@/charts/series-style';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { NextPage } from '@/components/next-page';
import { PageHeading } from '@/components/page-heading';
import { TimeAgo } from '@/components/time-ago';
import { ComparisonsDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'Comparisons' };

export default async function ComparisonsPage({ searchParams }: PageProps<'/comparisons'>) {
  const { after } = await searchParams;
  const { team } = await readViewer();
  const answer = await ask(ComparisonsDocument, {
    first: 20,
    after: typeof after === 'string' ? after : null,
  });
  if (!answer.ok)
    return <FailureNotice failure={answer.failure} title="The comparisons could not be loaded" />;
  const { nodes, pageInfo } = answer.data.comparisons;
  return (
    <>
      <PageHeading title="Comparisons: what pruning gained, and what it cost">
        The same search on the full space and on pruned ones, over several seeds, judged against one front.
      </PageHeading>
      {team ? (
        <p className="mb-8">
          <Link href="/comparisons/new" className="button button-quiet">
            New comparison
          </Link>
        </p>
      ) : null}
      {nodes.length === 0 ? (
        <EmptyState title="Nothing is compared yet" command="espalier compare --help">
          Search the full space and a pruned one with a few seeds each, then hold them against each other.
        </EmptyState>
      ) : (
        <ul>
          {nodes.map((comparison) => (
            <li key={comparison.id} className="border-t border-hairline py-6">
              <h2 className="text-lg">
                <Link href={`/comparisons/${encodeURIComponent(comparison.id)}`} className="link">
                  {comparison.name}
                </Link>
              </h2>
              <p className="mt-1 text-sm text-muted">
                {comparison.space.name} on {comparison.target.processor} · {comparison.task.name} ·{' '}
                <TimeAgo instant={comparison.createdAt} />
              </p>
              <p className="mt-3 max-w-[68ch]">
                {comparison.status === 'QUEUED'
                  ? 'A worker is computing it.'
                  : comparison.status === 'FAILED'
                    ? 'It could not be computed.'
                    : comparison.verdict[0]}
              </p>
              <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted" aria-label="Groups">
                {[...styleSeries(comparison.groups, null)].map(([label, style]) => (
                  <li key={label} className="flex items-center gap-2">
                    <SeriesSwatch style={style} />
                    {label}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      <NextPage info={pageInfo} path="/comparisons" />
    </>
  );
}
