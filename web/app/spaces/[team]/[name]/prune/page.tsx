import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { PruneExplorer } from '@/components/prune/prune-explorer';
import { initialView, readPruneView } from '@/components/prune/prune-view';
import { formatChoices, formatSize } from '@/components/quantity';
import { SignInFirst } from '@/components/sign-in-first';
import { isMissing } from '@/server/api';
import { pathParameter } from '@/server/leaderboard';
import { loadPruningSources } from '@/server/pruning';
import { loadSpace, loadVersion } from '@/server/space';
import { readViewer } from '@/server/viewer';

type Properties = PageProps<'/spaces/[team]/[name]/prune'>;

export async function generateMetadata({ params }: Properties): Promise<Metadata> {
  return { title: `Prune ${pathParameter((await params).name)}` };
}

/** Choose a rule, see what it would remove, make a version of it. */
export default async function PrunePage({ params, searchParams }: Properties) {
  const { team, name } = await params;
  const address = `${pathParameter(team)}/${pathParameter(name)}`;
  const viewer = await readViewer();
  if (!viewer.team) return <SignInFirst title={`Prune ${address}`} path={`/spaces/${address}/prune`} />;
  const answer = await loadSpace(pathParameter(team), pathParameter(name));
  if (!answer.ok && isMissing(answer.failure)) notFound();
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="This space could not be loaded" />;
  const space = answer.data.searchSpace;
  if (!space) notFound();
  const unpruned =
    space.versions.nodes.find(({ pruning }) => pruning === null)?.id ?? space.currentVersion.id;
  const found = await loadVersion(space, unpruned);
  if (!found.ok) return <FailureNotice failure={found.failure} title="This version could not be loaded" />;
  const version = found.data;
  if (!version) notFound();
  const sources = await loadPruningSources(space.id, version.id);
  if (!sources.ok)
    return <FailureNotice failure={sources.failure} title="The profiles could not be loaded" />;
  const layers = version.stages
    .flatMap((stage) => stage.layers)
    .sort((a, b) => a.index - b.index)
    .map(({ index, name: layer, kind, choices }) => ({ index, name: layer, kind, choices }));
  const usual = initialView(sources.data.profiles.length > 0 && sources.data.sources.length > 0);
  const mayCreate = space.team.slug === viewer.team.slug && viewer.role !== 'VIEWER';
  return (
    <>
      <PageHeading title={`Prune ${space.name}`}>
        {formatSize(version.size)} networks, {formatChoices(layers.map(({ choices }) => choices.length))}.
        Nothing is stored before you say so.{' '}
        <Link className="link" href={`/spaces/${space.team.slug}/${space.name}`}>
          Back to the space
        </Link>
        {mayCreate ? null : (
          <p className="mt-2">
            You can look at what rules would do; versions are made by members of {space.team.name}.
          </p>
        )}
      </PageHeading>
      <PruneExplorer
        address={address}
        version={version.id}
        layers={layers}
        profiles={sources.data.profiles}
        sources={sources.data.sources}
        usual={usual}
        initial={readPruneView(await searchParams, usual)}
        mayCreate={mayCreate}
      />
    </>
  );
}
