import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { FailureNotice } from '@/components/failure-notice';
import { ProfileRunView } from '@/components/profile-run-view';
import { SearchRunView } from '@/components/search-run-view';
import { SignInFirst } from '@/components/sign-in-first';
import { RunDocument } from '@/graphql/generated/documents';
import { ask, isMissing } from '@/server/api';
import { pathParameter } from '@/server/leaderboard';
import { readViewer } from '@/server/viewer';

export const metadata: Metadata = { title: 'Run' };

export default async function RunPage({ params }: PageProps<'/runs/[id]'>) {
  const id = pathParameter((await params).id);
  const answer = await ask(RunDocument, { id });
  if (!answer.ok) {
    if (isMissing(answer.failure)) notFound();
    const visitor = answer.failure.code === 'UNAUTHENTICATED' && (await readViewer()).user === null;
    if (visitor) return <SignInFirst title="Run" path={`/runs/${encodeURIComponent(id)}`} />;
    return <FailureNotice failure={answer.failure} title="This run could not be loaded" />;
  }
  const run = answer.data.node;
  if (run?.__typename === 'SearchRun') return <SearchRunView run={run} />;
  if (run?.__typename === 'ProfileRun') return <ProfileRunView run={run} />;
  notFound();
}
