import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { NextPage } from '@/components/next-page';
import { PageHeading } from '@/components/page-heading';
import { ProfileRunTable, SearchRunTable } from '@/components/run-tables';
import { SignInFirst } from '@/components/sign-in-first';
import { RunsDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'Runs' };

const A_PAGE = 20;

/** Each list goes on where the address says. */
export default async function RunsPage({ searchParams }: PageProps<'/runs'>) {
  const { searches, campaigns } = await searchParams;
  const { team } = await readViewer();
  if (!team) return <SignInFirst title="Runs" path="/runs" />;
  const answer = await ask(RunsDocument, {
    first: A_PAGE,
    searchesAfter: typeof searches === 'string' ? searches : null,
    campaignsAfter: typeof campaigns === 'string' ? campaigns : null,
  });
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="The runs could not be loaded" />;
  const { searchRuns, profileRuns } = answer.data;
  const query = { searches, campaigns };
  return (
    <>
      <PageHeading title={`Runs of ${team.name}`}>
        Measuring campaigns on devices, and searches, newest first.
      </PageHeading>
      <h2 className="mb-3 text-lg">Searches</h2>
      {searchRuns.nodes.length === 0 ? (
        <EmptyState
          title="No search has run yet"
          command="espalier search start TEAM/SPACE --profile PROFILE_ID"
        >
          Search a space for the networks that are fast and accurate on a device.
        </EmptyState>
      ) : (
        <SearchRunTable runs={searchRuns.nodes} />
      )}
      <NextPage
        info={searchRuns.pageInfo}
        path="/runs"
        query={query}
        name="searches"
        label="Older searches"
      />
      <h2 className="mb-3 mt-14 text-lg">Measuring campaigns</h2>
      {profileRuns.nodes.length === 0 ? (
        <EmptyState title="Nothing has been measured yet" command="espalier profile start TEAM/SPACE">
          Profile the blocks of a space on a device of your team.
        </EmptyState>
      ) : (
        <ProfileRunTable runs={profileRuns.nodes} />
      )}
      <NextPage
        info={profileRuns.pageInfo}
        path="/runs"
        query={query}
        name="campaigns"
        label="Older campaigns"
      />
    </>
  );
}
