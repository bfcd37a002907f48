import Link from 'next/link';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { NextPage } from '@/components/next-page';
import { PageHeading } from '@/components/page-heading';
import { ProfileTable } from '@/components/profile-table';
import { DeviceProfilesDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';

export const metadata = { title: 'Profiles' };

/** Profiles that the reader may see; `?space=`, `?target=` and `?team=` narrow them. */
export default async function ProfilesPage({ searchParams }: PageProps<'/profiles'>) {
  const given = await searchParams;
  const one = (name: string): string | null => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const narrowed = { space: one('space'), target: one('target'), team: one('team') };
  const answer = await ask(DeviceProfilesDocument, {
    first: 30,
    after: one('after'),
    spaceId: narrowed.space,
    targetId: narrowed.target,
    team: narrowed.team,
  });
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="The profiles could not be loaded" />;
  const { nodes, pageInfo } = answer.data.deviceProfiles;
  const query = (more: Readonly<Record<string, string | null>>): string => {
    const kept = Object.entries({ ...narrowed, ...more }).filter(([, value]) => value !== null);
    return `/profiles?${new URLSearchParams(kept as [string, string][]).toString()}`;
  };
  const targets = new Map(nodes.map(({ target }) => [target.id, target.name]));
  const teams = new Map(nodes.map(({ team }) => [team.slug, team.name]));
  return (
    <>
      <PageHeading title="Profiles">
        What the blocks of a{' '}
        <Link href="/spaces" className="link">
          search space
        </Link>{' '}
        cost on a device, with how far that can be believed.{' '}
        <Link href="/profiles/import" className="link">
          Import a table
        </Link>{' '}
        measured elsewhere.
      </PageHeading>
      <nav aria-label="Narrow the list" className="mb-6 flex flex-wrap gap-2 text-sm">
        {Object.values(narrowed).some((value) => value !== null) ? (
          <Link className="chip" href="/profiles">
            All profiles
          </Link>
        ) : null}
        {!narrowed.target && targets.size > 1
          ? [...targets].map(([id, name]) => (
              <Link key={id} className="chip" href={query({ target: id })}>
                {name}
              </Link>
            ))
          : null}
        {!narrowed.team && teams.size > 1
          ? [...teams].map(([slug, name]) => (
              <Link key={slug} className="chip" href={query({ team: slug })}>
                by {name}
              </Link>
            ))
          : null}
      </nav>
      {nodes.length === 0 ? (
        <EmptyState title="No profile is here yet" command="espalier profile start team/space">
          Profile a space on a device of your team, or import a table that was measured elsewhere.
        </EmptyState>
      ) : (
        <ProfileTable profiles={nodes} />
      )}
      <NextPage info={pageInfo} path="/profiles" query={given} />
    </>
  );
}
