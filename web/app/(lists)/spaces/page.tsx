import Link from 'next/link';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { NextPage } from '@/components/next-page';
import { PageHeading } from '@/components/page-heading';
import { formatChoices, formatCount, formatSize, plural } from '@/components/quantity';
import { SearchSpacesDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';
import { readViewer } from '@/server/viewer';

const CREATE_SPACE = 'espalier spaces create FILE --name my-space';

export const metadata = { title: 'Search spaces' };

export default async function SpacesPage({ searchParams }: PageProps<'/spaces'>) {
  const { after } = await searchParams;
  const { team } = await readViewer();
  const answer = await ask(SearchSpacesDocument, {
    first: 30,
    after: typeof after === 'string' ? after : null,
  });
  if (!answer.ok)
    return <FailureNotice failure={answer.failure} title="The search spaces could not be loaded" />;
  const { nodes, pageInfo } = answer.data.searchSpaces;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8">
        <PageHeading title="Search spaces">
          Families of networks: fixed parts, and layers that take one block out of several. Pruned spaces are
          versions of the space that they came from. Blocks and whole networks can be{' '}
          <Link href="/models" className="link">
            uploaded models
          </Link>
          .
        </PageHeading>
        {team ? (
          <Link href="/spaces/new" className="button mb-8">
            Upload a space
          </Link>
        ) : null}
      </div>
      {nodes.length === 0 ? (
        <EmptyState title="No search space is here yet" command={CREATE_SPACE}>
          Take a built-in family, or upload a space document of your own.
        </EmptyState>
      ) : (
        <div className="table-scroll" role="region" aria-label="Search spaces" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Space</th>
                <th scope="col">Structure</th>
                <th scope="col" className="number">
                  Networks
                </th>
                <th scope="col" className="number">
                  Versions
                </th>
                <th scope="col">Seen by</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map((space) => (
                <tr key={space.id}>
                  <th scope="row" className="min-w-52">
                    <Link href={`/spaces/${space.team.slug}/${space.name}`} className="link text-base">
                      {space.name}
                    </Link>
                    <span className="mt-0.5 block max-w-[60ch] whitespace-normal text-xs font-normal text-muted">
                      {space.team.name}
                      {space.description ? ` · ${space.description}` : ''}
                    </span>
                  </th>
                  <td className="whitespace-nowrap text-muted">
                    {plural(space.currentVersion.stages.length, 'stage')} ·{' '}
                    {formatChoices(
                      space.currentVersion.stages.flatMap((s) => s.layers.map((l) => l.choices.length)),
                    )}
                  </td>
                  <td className="number" title={formatCount(space.currentVersion.size)}>
                    {formatSize(space.currentVersion.size)}
                  </td>
                  <td className="number">{formatCount(space.versionCount)}</td>
                  <td className="text-muted">{space.visibility === 'PUBLIC' ? 'everybody' : 'the team'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NextPage info={pageInfo} path="/spaces" />
    </>
  );
}
