import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { ProfileImportForm } from '@/components/profile-import-form';
import { SignInFirst } from '@/components/sign-in-first';
import { SpaceTemplatesDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'Import a profile' };

export default async function ImportProfilePage() {
  const { team } = await readViewer();
  if (!team) return <SignInFirst title="Import a profile" path="/profiles/import" />;
  const answer = await ask(SpaceTemplatesDocument, {});
  if (!answer.ok) return <FailureNotice failure={answer.failure} />;
  const spaces = answer.data.searchSpaces.nodes.map(({ name, team: owner, currentVersion }) => ({
    name: `${owner.slug}/${name}`,
    version: currentVersion.id,
  }));
  return (
    <>
      <PageHeading title="Import a profile">
        A latency table that was measured elsewhere, a row for each block. It is marked as imported wherever
        it is shown. The position <code className="font-mono">fixed</code> is what every network pays.
      </PageHeading>
      <ProfileImportForm spaces={spaces} />
    </>
  );
}
