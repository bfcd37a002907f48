import { ComparisonForm } from '@/components/comparison/comparison-form';
import { subjectsOf, suggestedGroups, type ComparableRun } from '@/components/comparison/suggested-groups';
import { ViewLinks } from '@/components/comparison/view-links';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { SignInFirst } from '@/components/sign-in-first';
import { ComparableRunsDocument } from '@/graphql/generated/documents';
import { ask, type Answer } from '@/server/api';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'New comparison' };

/** Pages of a hundred runs that are looked through. */
const MOST_PAGES = 5;

export default async function NewComparisonPage({ searchParams }: PageProps<'/comparisons/new'>) {
  const { team } = await readViewer();
  if (!team) return <SignInFirst title="New comparison" path="/comparisons/new" />;
  const answer = await newestRuns();
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="The runs could not be loaded" />;
  const subjects = subjectsOf(answer.data);
  const { about } = await searchParams;
  const place = Math.min(Math.max(0, Number(about) || 0), Math.max(0, subjects.length - 1));
  const subject = subjects[place];
  return (
    <>
      <PageHeading title="New comparison">
        Searches of one space, task and target, in groups: the same treatment and sampler with several seeds
        each. Choose the runs, say what the groups are called and which one the others are held against.
      </PageHeading>
      {!subject || subject.runs.length < 2 ? (
        <EmptyState
          title="There is nothing to compare yet"
          command="espalier search start TEAM/SPACE --seeds 10"
        >
          Search the full space and a pruned one with a few seeds each. Ten seeds can show a difference
          between six groups; three cannot show any.
        </EmptyState>
      ) : (
        <>
          {subjects.length > 1 ? (
            <div className="mb-8">
              <ViewLinks
                label="What the runs are about"
                links={subjects.map(({ name }, i) => ({
                  name,
                  href: i === 0 ? '/comparisons/new' : `/comparisons/new?about=${i}`,
                  here: i === place,
                }))}
              />
            </div>
          ) : null}
          <ComparisonForm key={subject.key} name={subject.name} groups={suggestedGroups(subject.runs)} />
        </>
      )}
    </>
  );
}

async function newestRuns(): Promise<Answer<ComparableRun[]>> {
  const runs: ComparableRun[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer: Awaited<ReturnType<typeof runsAfter>> = await runsAfter(after);
    if (!answer.ok) return answer;
    const { nodes, pageInfo } = answer.data.searchRuns;
    runs.push(...nodes);
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) break;
  }
  return { ok: true, data: runs };
}

const runsAfter = (after: string | null) => ask(ComparableRunsDocument, { after });
